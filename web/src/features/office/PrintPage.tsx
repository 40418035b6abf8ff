// The print form of a case, A4: boxes of approval, the sections of the definition, the history. What surrounds it on the screen is not printed.
import type { ReactNode } from 'react';
import type { OfficeSeal } from '../../api/office';
import { Button, ButtonLink } from '../../components/Button/Button';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
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
  return (
    <Page
      title={t.printTitle(data?.one.number ?? t.title)}
      actions={
        <>
          <ButtonLink href={`/office/cases/${id}`}>{t.backToCase}</ButtonLink>
          <Button kind="solid" disabled={!data} onClick={() => window.print()}>
            {t.printNow}
          </Button>
        </>
      }
    >
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && <Sheet {...data} />}
    </Page>
  );
}

function Sheet({ one, definition }: Loaded) {
  const { profile } = useWords();
  const form = definition.print;
  const parts = form?.sections ?? [{ title: t.fields, fields: definition.fields.map((field) => field.key), history: null }];
  const text = new Map(one.fields.map((field) => [field.key, field.text]));
  return (
    <article className="print-sheet" lang="ja">
      <header>
        <p className="print-head">
          <span>{one.number}</span>
          <span>{one.label.classes.join('・')}</span>
        </p>
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
              rows={part.fields.flatMap((key): [string, string][] => {
                const field = definition.fields.find((each) => each.key === key);
                return field && text.has(key) ? [[field.title, text.get(key) + (field.type === 'number' && text.get(key) ? (field.unit ?? '') : '')]] : [];
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
