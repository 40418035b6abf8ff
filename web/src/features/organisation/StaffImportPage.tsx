// A staff list from the personnel office: choose the file, see what would change, take exactly that.
import { useState } from 'react';
import { organisation as api } from '../../api';
import type { StaffImport, StaffPreview } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { Checkbox, SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Table } from '../../components/Table/Table';
import { toBase64 } from '../../lib/base64';
import { useAction } from '../../lib/useAction';
import { texts } from './messages';
import './Organisation.css';

const t = texts.import;
const encodings = ['UTF-8', 'CP932', 'EUC-JP', 'UTF-16LE', 'UTF-16BE'];

export default function StaffImportPage() {
  const [file, setFile] = useState<File | null>(null);
  const [encoding, setEncoding] = useState('');
  const [day, setDay] = useState('');
  const [complete, setComplete] = useState(false);
  const [skip, setSkip] = useState(false);
  const [preview, setPreview] = useState<StaffPreview | null>(null);
  const [missing, setMissing] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const { busy, error, run } = useAction();
  const input = async (chosen: File, expect: string | null): Promise<StaffImport> => ({
    content: await toBase64(chosen),
    encoding: encoding || null,
    day: day || null,
    complete,
    skip_refused: skip,
    expect,
  });
  // Any other choice needs another look.
  const changed = () => {
    setPreview(null);
    setDone(null);
  };
  const look = () => {
    setMissing(!file);
    changed();
    if (file) void run(async () => setPreview(await api.previewStaff(await input(file, null))));
  };
  const take = () => {
    if (!file || !preview) return;
    void run(async () => {
      const taken = await api.importStaff(await input(file, preview.plan));
      setPreview(null);
      setDone(t.counts(taken.counts));
    });
  };
  return (
    <Page title={t.title} lead={t.lead}>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          look();
        }}
      >
        <TextField
          label={t.file}
          hint={t.columns}
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          required
          error={missing ? t.missing : undefined}
          onChange={(event) => {
            changed();
            setFile(event.target.files?.[0] ?? null);
          }}
        />
        <SelectField
          label={t.encoding}
          value={encoding}
          onChange={(event) => {
            changed();
            setEncoding(event.target.value);
          }}
        >
          <option value="">{t.detect}</option>
          {encodings.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t.day}
          type="date"
          value={day}
          onChange={(event) => {
            changed();
            setDay(event.target.value);
          }}
        />
        <Checkbox
          label={t.complete}
          checked={complete}
          onChange={(event) => {
            changed();
            setComplete(event.target.checked);
          }}
        />
        <div>
          <Button type="submit" kind="solid" disabled={busy}>
            {t.look}
          </Button>
        </div>
      </form>
      {error !== null && <ErrorNotice error={error} />}
      {done !== null && (
        <Notice tone="success" role="status">
          <p>{t.done(done)}</p>
        </Notice>
      )}
      {preview && <Preview preview={preview} skip={skip} busy={busy} complete={complete} onSkip={setSkip} onTake={take} />}
    </Page>
  );
}

function Preview({
  preview,
  skip,
  complete,
  busy,
  onSkip,
  onTake,
}: {
  preview: StaffPreview;
  skip: boolean;
  complete: boolean;
  busy: boolean;
  onSkip: (skip: boolean) => void;
  onTake: () => void;
}) {
  const refused = preview.refused.length > 0;
  const takeable = preview.changes.length > 0 && (!refused || (skip && !complete));
  return (
    <section aria-labelledby="import-preview" className="org-block">
      <h2 id="import-preview">{t.changes}</h2>
      {preview.encoding_certain ? (
        <p>{t.certain(preview.encoding)}</p>
      ) : (
        <Notice tone="warning" role="status">
          <p>{t.uncertain(preview.encoding)}</p>
        </Notice>
      )}
      <p role="status">{t.counts(preview.counts)}</p>
      {refused && (
        <>
          <h3>{t.refused}</h3>
          <Table caption={t.refused} columns={Object.values(t.refusedColumns)}>
            {preview.refused.map((item) => (
              <tr key={`${item.line}${item.key}`}>
                <th scope="row">{item.line}</th>
                <td data-label={t.refusedColumns.reason}>{item.reason}</td>
              </tr>
            ))}
          </Table>
          {!complete && <Checkbox label={t.skip} checked={skip} onChange={(event) => onSkip(event.target.checked)} />}
        </>
      )}
      {preview.changes.length === 0 ? (
        <p className="empty">{t.nothing}</p>
      ) : (
        <Table caption={t.changes} columns={Object.values(t.changeColumns)}>
          {preview.changes.map((item) => (
            <tr key={item.number}>
              <td data-label={t.changeColumns.line}>{t.line(item.line)}</td>
              <td data-label={t.changeColumns.kind}>{t.kinds[item.kind]}</td>
              <td data-label={t.changeColumns.number}>{item.number}</td>
              <th scope="row">{item.name}</th>
              <td data-label={t.changeColumns.day}>{item.day}</td>
              <td data-label={t.changeColumns.differences}>
                {item.differences.map((d) => t.difference(t.fields[d.field] ?? d.field, d.before, d.after)).join('、')}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {takeable && (
        <div>
          <Button kind="solid" disabled={busy} onClick={onTake}>
            {t.take(preview.changes.length)}
          </Button>
        </div>
      )}
    </section>
  );
}
