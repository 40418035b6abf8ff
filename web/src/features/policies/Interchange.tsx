// Policies in the forms of others: a version as OSCAL and as a table, a table that was mended, a catalog of OSCAL. An import is shown before it is done.
import { useRef, useState } from 'react';
import { interchange as api, type OscalImport as Taken, type TableFile, type TableFormat, type TablePlan } from '../../api/interchange';
import type { PolicyDocument } from '../../api/policies';
import { Button } from '../../components/Button/Button';
import { SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Table } from '../../components/Table/Table';
import { toBase64 } from '../../lib/base64';
import { saveBase64 } from '../../lib/download';
import { navigate } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { interchangeTexts as t } from './interchangeMessages';
import { policyTexts } from './messages';
import './Policies.css';

interface Chosen {
  name: string;
  content: string;
}

// A file, its preview, and the import of exactly what was previewed.
function useChosen() {
  const field = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  const read = async (): Promise<Chosen | null> => {
    const file = field.current?.files?.[0];
    setMissing(!file);
    return file ? { name: file.name, content: await toBase64(file) } : null;
  };
  return { field, missing, read };
}

export function VersionFiles({ version, mayManage, onChange }: { version: string; mayManage: boolean; onChange: () => void }) {
  const { busy, error, run } = useAction();
  const [model, setModel] = useState('catalog');
  const [missing, setMissing] = useState<TableFile['missing']>([]);
  const [shown, setShown] = useState<{ chosen: Chosen; plan: TablePlan } | null>(null);
  const chosen = useChosen();
  const save = (format: TableFormat) =>
    void run(async () => {
      const made = await api.table(version, format);
      setMissing(made.missing);
      saveBase64(made.name, made.content, made.type);
    });
  const saveOscal = () =>
    void run(async () => {
      const made = await api.oscal(version, model);
      saveBase64(made.name, made.content, made.type);
    });
  const preview = () =>
    void run(async () => {
      const file = await chosen.read();
      setShown(file && { chosen: file, plan: await api.importTable(version, file.name, file.content, true) });
    });
  const apply = (file: Chosen) =>
    void run(async () => {
      await api.importTable(version, file.name, file.content, false);
      setShown(null);
      onChange();
    });
  return (
    <section className="policy-part">
      <h2>{t.files}</h2>
      {error !== null && <ErrorNotice error={error} />}
      <div className="policy-choices">
        <SelectField label={t.model} value={model} onChange={(event) => setModel(event.target.value)}>
          {t.models.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </SelectField>
        <div className="policy-actions">
          <Button kind="outline" disabled={busy} onClick={saveOscal}>
            {t.saveOscal}
          </Button>
        </div>
      </div>
      <div className="policy-actions">
        {(['xlsx', 'csv', 'csv-cp932'] as const).map((format) => (
          <Button key={format} kind="outline" disabled={busy} onClick={() => save(format)}>
            {t.tables[format]}
          </Button>
        ))}
      </div>
      {missing.length > 0 && (
        <Notice tone="warning" role="status">
          {missing.map((one) => (
            <p key={one.character}>{t.missing(one)}</p>
          ))}
        </Notice>
      )}
      {mayManage && (
        <>
          <TextField type="file" label={t.tableFile} hint={t.tableHint} accept=".xlsx,.csv" ref={chosen.field} onChange={() => setShown(null)} />
          {chosen.missing && (
            <Notice tone="error" role="alert">
              {t.noFile}
            </Notice>
          )}
          <div className="policy-actions">
            <Button kind="outline" disabled={busy} onClick={preview}>
              {t.preview}
            </Button>
            {shown && shown.plan.errors.length === 0 && (
              <Button kind="solid" disabled={busy} onClick={() => apply(shown.chosen)}>
                {t.apply}
              </Button>
            )}
          </div>
          {shown && <Plan plan={shown.plan} />}
        </>
      )}
    </section>
  );
}

function Plan({ plan }: { plan: TablePlan }) {
  return (
    <>
      <p role="status">{t.planned(plan)}</p>
      {plan.own_columns.length > 0 && <p>{t.own(plan.own_columns)}</p>}
      {plan.errors.length > 0 && (
        <Table caption={t.errors} columns={t.errorColumns}>
          {plan.errors.map((one, at) => (
            <tr key={at}>
              <td>{one.row}</td>
              <td>{one.column}</td>
              <td>{one.text}</td>
            </tr>
          ))}
        </Table>
      )}
      {plan.changes.length > 0 && (
        <Table caption={t.changes} columns={t.changeColumns}>
          {plan.changes.map((one, at) => (
            <tr key={at}>
              <td>{one.row}</td>
              <td>{one.ref}</td>
              <td>{one.column}</td>
              <td className="policy-text">{one.before}</td>
              <td className="policy-text">{one.after}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}

export function OscalImport({ documents }: { documents: PolicyDocument[] }) {
  const { busy, error, run } = useAction();
  const [document, setDocument] = useState('');
  const [shown, setShown] = useState<{ chosen: Chosen; taken: Taken } | null>(null);
  const chosen = useChosen();
  const target = document === '' ? undefined : document;
  const preview = () =>
    void run(async () => {
      const file = await chosen.read();
      setShown(file && { chosen: file, taken: await api.importOscal(file.name, file.content, target, true) });
    });
  const apply = (file: Chosen) =>
    void run(async () => {
      const done = await api.importOscal(file.name, file.content, target, false);
      navigate(`/admin/policies/${done.version}`);
    });
  return (
    <section className="policy-part">
      <h2>{t.oscalTitle}</h2>
      {error !== null && <ErrorNotice error={error} />}
      {chosen.missing && (
        <Notice tone="error" role="alert">
          {t.noFile}
        </Notice>
      )}
      <div className="policy-choices">
        <TextField type="file" label={t.oscalFile} hint={t.oscalHint} accept=".json" ref={chosen.field} onChange={() => setShown(null)} />
        <SelectField
          label={policyTexts.asVersionOf}
          value={document}
          onChange={(event) => {
            setDocument(event.target.value);
            setShown(null);
          }}
        >
          <option value="">{policyTexts.newDocument}</option>
          {documents.map((one) => (
            <option key={one.id} value={one.id}>
              {policyTexts.newVersionOf(one.title)}
            </option>
          ))}
        </SelectField>
      </div>
      <div className="policy-actions">
        <Button kind="outline" disabled={busy} onClick={preview}>
          {t.preview}
        </Button>
        {shown && (
          <Button kind="solid" disabled={busy} onClick={() => apply(shown.chosen)}>
            {t.apply}
          </Button>
        )}
      </div>
      {shown && <TakenView taken={shown.taken} />}
    </section>
  );
}

function TakenView({ taken }: { taken: Taken }) {
  return (
    <>
      <p role="status">
        {t.becomes(taken.title, taken.number, taken.clauses)}
        {taken.counts && policyTexts.counts(taken.counts)}
      </p>
      {taken.losses.length === 0 ? (
        <p>{t.noLosses}</p>
      ) : (
        <Table caption={t.losses} columns={t.lossColumns}>
          {taken.losses.map((one) => (
            <tr key={one.kind}>
              <td>{one.text}</td>
              <td>{one.count}</td>
              <td className="policy-text">{one.pointer}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}
