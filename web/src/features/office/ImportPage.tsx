// A ledger that exists already, read into a register: file, what each column is, what would happen, and then doing it.
import { useId, useRef, useState } from 'react';
import { ledger as api, type ImportAsked, type LedgerImport } from '../../api/ledger';
import { office } from '../../api/office';
import { Button, ButtonLink } from '../../components/Button/Button';
import { SelectField, TextField } from '../../components/Field/Field';
import { Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { toBase64 } from '../../lib/base64';
import { saveText } from '../../lib/download';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { csvOf } from './csvOf';
import { ledgerTexts as t } from './ledgerMessages';
import { officeTexts } from './messages';
import { OfficeError } from './OfficeError';
import './Office.css';

const encodings = ['UTF-8', 'CP932', 'UTF-16LE', 'EUC-JP'];

export default function ImportPage({ name }: { name: string }) {
  const { data, error, reload } = useLoad(() => office.definition(name), [name]);
  const title = data?.definition.title ?? '';
  return (
    <Page title={data ? t.importTitle(title) : officeTexts.title} lead={t.lead}>
      <p>
        <Link href={`/office/registers/${name}`}>{officeTexts.backTo(title)}</Link>
      </p>
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && !data.may_open && (
        <Notice tone="warning">
          <p>{officeTexts.notOpener}</p>
        </Notice>
      )}
      {data?.may_open && <Import name={name} />}
    </Page>
  );
}

type Choices = Pick<ImportAsked, 'encoding' | 'header' | 'columns' | 'key'>;
const kNoChoices: Choices = { encoding: null, header: null, columns: null, key: null };

function Import({ name }: { name: string }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  const [file, setFile] = useState<{ name: string; content: string } | null>(null);
  const [choices, setChoices] = useState<Choices>(kNoChoices);
  const [shown, setShown] = useState<LedgerImport | null>(null);
  const [checked, setChecked] = useState(false); // `shown` is of these choices
  const action = useAction();
  const asked = (chosen: { name: string; content: string }, good_only: boolean | null, with_choices: Choices): ImportAsked => ({ ...chosen, ...with_choices, good_only });
  const check = (fresh: boolean) =>
    void action.run(async () => {
      const picked = field.current?.files?.[0];
      setMissing(!picked);
      if (!picked) return;
      const chosen = fresh || !file ? { name: picked.name, content: await toBase64(picked) } : file;
      const used = fresh ? kNoChoices : choices;
      const out = await api.preview(name, asked(chosen, null, used));
      setFile(chosen);
      setChoices({ ...used, columns: out.columns.map(({ column, to }) => ({ column, to })), key: out.key, header: out.header });
      setShown(out);
      setChecked(true);
    });
  const take = (good: boolean) =>
    void action.run(async () => {
      if (!file) return;
      setShown(await api.import(name, asked(file, good, choices)));
      setChecked(false);
    });
  const change = (part: Partial<Choices>) => {
    setChoices((old) => ({ ...old, ...part }));
    setChecked(false);
  };
  return (
    <>
      {action.error !== null && <OfficeError error={action.error} />}
      <div className="field">
        <label htmlFor={id} className="field-label">
          {t.file}
        </label>
        <p id={`${id}-hint`} className="field-hint">
          {t.fileHint}
        </p>
        <input
          id={id}
          ref={field}
          type="file"
          className="office-file"
          accept=".csv,.xlsx"
          aria-describedby={`${id}-hint`}
          onChange={() => {
            setShown(null);
            setFile(null);
          }}
        />
      </div>
      {missing && (
        <Notice tone="error" role="alert">
          <p>{t.noFile}</p>
        </Notice>
      )}
      <div className="office-actions">
        <Button kind={shown ? 'outline' : 'solid'} disabled={action.busy} onClick={() => check(true)}>
          {t.check}
        </Button>
      </div>
      {shown && !shown.done && shown.columns.every((column) => column.to.startsWith('@')) && (
        <Notice tone="warning" role="alert">
          <p>{t.noneFits}</p>
        </Notice>
      )}
      {shown && !shown.done && <Mapping shown={shown} choices={choices} onChange={change} />}
      {shown && !shown.done && (
        <div className="office-actions">
          <Button disabled={action.busy} onClick={() => check(false)}>
            {t.checkAgain}
          </Button>
        </div>
      )}
      {shown && (
        <p role="status" className="meta">
          {shown.done ? t.done(shown) : t.result(shown)}
        </p>
      )}
      {shown && !shown.done && (
        <>
          <p>{t.state(shown.state)}</p>
          <div className="office-actions">
            {checked && shown.bad === 0 && shown.opened + shown.changed > 0 && (
              <Button kind="solid" disabled={action.busy} onClick={() => take(false)}>
                {t.all}
              </Button>
            )}
            {checked && shown.bad > 0 && shown.opened + shown.changed > 0 && (
              <Button kind="solid" disabled={action.busy} onClick={() => take(true)}>
                {t.good}
              </Button>
            )}
          </div>
          {shown.opened + shown.changed === 0 && <p>{t.nothing}</p>}
        </>
      )}
      {shown?.done && (
        <div className="office-actions">
          <ButtonLink href={`/office/registers/${name}`} kind="solid">
            {t.back}
          </ButtonLink>
        </div>
      )}
      {shown && shown.errors.length > 0 && <Errors shown={shown} />}
    </>
  );
}

function Mapping({ shown, choices, onChange }: { shown: LedgerImport; choices: Choices; onChange: (part: Partial<Choices>) => void }) {
  const to = (column: number) => choices.columns?.find((one) => one.column === column)?.to ?? '';
  const set = (column: number, target: string) => onChange({ columns: (choices.columns ?? []).map((one) => (one.column === column ? { column, to: target } : one)) });
  return (
    <section className="section" aria-label={t.columns}>
      <p role="status">{t.read(shown)}</p>
      {!shown.encoding_certain && (
        <Notice tone="warning">
          <p>{t.uncertain}</p>
        </Notice>
      )}
      <div className="office-row">
        {shown.encoding !== '' && (
          <SelectField label={t.encoding} value={choices.encoding ?? ''} onChange={(event) => onChange({ encoding: event.target.value === '' ? null : event.target.value })}>
            <option value="">{`${t.encodingAuto}（${shown.encoding}）`}</option>
            {encodings.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </SelectField>
        )}
        <TextField
          label={t.header}
          type="number"
          min={1}
          value={choices.header ?? shown.header}
          onChange={(event) => onChange({ header: Math.max(1, Number(event.target.value) || 1), columns: null, key: null })}
        />
        <SelectField label={t.key} hint={t.keyHint} value={choices.key ?? shown.key} onChange={(event) => onChange({ key: event.target.value })}>
          {shown.keys.map((one) => (
            <option key={one.to} value={one.to}>
              {one.title}
            </option>
          ))}
        </SelectField>
      </div>
      <Table caption={t.columns} columns={t.columnNames}>
        {shown.columns.map((column) => (
          <tr key={column.column}>
            <th scope="row">{column.header || t.noHeader(column.column)}</th>
            <td data-label={t.columnNames[1]}>{column.samples.join('、')}</td>
            <td data-label={t.columnNames[2]}>
              <select
                className="field-input"
                aria-label={t.columnTo(column.header || t.noHeader(column.column))}
                value={to(column.column) || column.to}
                onChange={(event) => set(column.column, event.target.value)}
              >
                {shown.targets.map((one) => (
                  <option key={one.to} value={one.to}>
                    {one.title}
                  </option>
                ))}
              </select>
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Errors({ shown }: { shown: LedgerImport }) {
  const title = t.errors(shown.errors.length, shown.errors_total);
  const save = () => saveText('読み込めない理由.csv', csvOf([t.errorColumns, ...shown.errors.map((one) => [String(one.row), one.column, one.value, one.text])]), 'text/csv');
  return (
    <section className="section" aria-label={title}>
      <h2>{title}</h2>
      <div className="office-actions">
        <Button icon="download" onClick={save}>
          {t.saveErrors}
        </Button>
      </div>
      <Table caption={title} columns={t.errorColumns}>
        {shown.errors.map((one, n) => (
          <tr key={n}>
            <th scope="row">{one.row}</th>
            <td data-label={t.errorColumns[1]}>{one.column}</td>
            <td data-label={t.errorColumns[2]}>{one.value}</td>
            <td data-label={t.errorColumns[3]}>{one.text}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
