// The print form of a case, A4: boxes of approval, the sections of the definition, the history. What surrounds it on the screen is not printed.
import type { ReactNode } from 'react';
import { office as api, type OfficeField, type OfficeFieldValue, type OfficeSeal } from '../../api/office';
import { Button, ButtonLink } from '../../components/Button/Button';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { saveBase64 } from '../../lib/download';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { japanToday, wareki, warekiMinute } from '../../lib/wareki';
import { useWords } from '../organisation/words';
import { eventTitle } from './CaseHistory';
import { loadCase, type Loaded } from './CasePage';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import './Office.css';
import './Print.css';

export default function PrintPage({ id }: { id: string }) {
  const { data, error, reload } = useLoad(() => loadCase(id), [id]);
  const pdf = useAction();
  const save = () =>
    void pdf.run(async () => {
      const file = await api.form(id, 'pdf');
      saveBase64(file.name, file.content, file.type);
    });
  return (
    <Page
      title={t.printTitle(data?.one.number ?? t.title)}
      actions={
        <>
          <ButtonLink href={`/office/cases/${id}`}>{t.backToCase}</ButtonLink>
          <Button disabled={!data || pdf.busy} onClick={save}>
            {t.savePdf}
          </Button>
          <Button kind="solid" disabled={!data} onClick={() => window.print()}>
            {t.printNow}
          </Button>
        </>
      }
    >
      {pdf.error !== null && <OfficeError error={pdf.error} />}
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && <Repeated {...data} />}
    </Page>
  );
}

// On paper the number and the label stand on every page: the head of a table is repeated.
function Repeated(loaded: Loaded) {
  const { one } = loaded;
  return (
    <table className="print-frame" role="presentation">
      <thead>
        <tr>
          <td>
            <p className="print-head">
              <span>{one.number}</span>
              <span className="print-label">{one.label.text}</span>
            </p>
          </td>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td>
            <Sheet {...loaded} />
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function Sheet({ one, definition }: Loaded) {
  const { profile } = useWords();
  const form = definition.print;
  const parts = form?.sections ?? [{ title: t.fields, fields: definition.fields.map((field) => field.key), history: null }];
  const values = new Map(one.fields.map((field) => [field.key, field]));
  return (
    <article className="print-sheet" lang="ja">
      <header>
        <h2>{form?.title ?? definition.title}</h2>
        <p className="print-head">
          <span>{`${profile.name}　${one.unit}`}</span>
          <span>{t.printedOn(wareki(japanToday(Date.now())))}</span>
        </p>
      </header>
      {one.seals.length > 0 && <Seals seals={one.seals} />}
      <Rows
        caption={definition.title}
        rows={[
          [t.builtin.subject!, one.subject || t.untitled],
          [t.builtin.state!, one.state_title],
          [t.opener, `${one.opener}（${warekiMinute(one.opened_at)}）`],
        ]}
      />
      {parts.map((part) => (
        <section key={part.title}>
          <h3>{part.title}</h3>
          {part.fields && (
            <Rows
              caption={part.title}
              rows={part.fields.flatMap((key): [string, ReactNode][] => {
                const field = definition.fields.find((each) => each.key === key);
                const value = values.get(key);
                return field && value ? [[field.title, valueOf(field, value)]] : [];
              })}
            />
          )}
          {part.history && <Rows caption={part.title} rows={one.history.map((event) => [warekiMinute(event.at), `${eventTitle(event)}　${event.name}${event.event === 'attach' ? '' : `　${event.note}`}`])} />}
        </section>
      ))}
      <footer className="print-clauses">{t.clauses([...new Set(definition.clauses.map((clause) => clause.ref))])}</footer>
    </article>
  );
}

function valueOf(field: OfficeField, value: OfficeFieldValue): ReactNode {
  if (value.rows.length === 0) return value.text + (field.type === 'number' && value.text !== '' ? (field.unit ?? '') : '');
  const columns = field.type === 'checklist' ? t.checklistColumns : (field.columns ?? []).map((column) => column.title);
  return (
    <table className="print-inner">
      <caption className="visually-hidden">{field.title}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {value.rows.map((row, n) => (
          <tr key={n}>
            {row.map((cell, at) => (
              <td key={at} data-label={columns[at]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Seals({ seals }: { seals: OfficeSeal[] }) {
  return (
    <table className="print-seals">
      <caption className="visually-hidden">{t.seals}</caption>
      <thead>
        <tr>
          {seals.map((seal, n) => (
            <th key={n} scope="col">
              {seal.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          {seals.map((seal, n) => (
            <td key={n}>
              {seal.name}
              {seal.at && <span>{wareki(japanDay(seal.at))}</span>}
              {seal.at && !seal.same_content && <span>{t.sealChanged}</span>}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

const japanDay = (moment: string) => japanToday(Date.parse(moment));

function Rows({ caption, rows }: { caption: string; rows: [string, ReactNode][] }) {
  if (rows.length === 0) return null;
  return (
    <table className="print-rows">
      <caption className="visually-hidden">{caption}</caption>
      <colgroup>
        <col className="print-name" />
        <col />
      </colgroup>
      <tbody>
        {rows.map(([name, value], n) => (
          <tr key={n}>
            <th scope="row">{name}</th>
            <td className="office-text">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
