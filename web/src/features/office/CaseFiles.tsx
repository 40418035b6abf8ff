// Files of the case, by field: kept on the person's machine, or attached.
import { useRef, useState, type FormEvent } from 'react';
import { office as api, type OfficeAttachment, type OfficeField } from '../../api/office';
import { Button } from '../../components/Button/Button';
import { TextField } from '../../components/Field/Field';
import { toBase64 } from '../../lib/base64';
import { saveBase64 } from '../../lib/download';
import { formatBytes } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { wareki, warekiMinute } from '../../lib/wareki';
import type { PartProps } from './CasePage';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';

const kMost = 8 * 1024 * 1024; // bytes

export function CaseFiles(part: PartProps) {
  const { one, definition } = part;
  const shown = definition.fields.filter((field) => field.type === 'attachment' && one.fields.some((value) => value.key === field.key));
  if (shown.length === 0) return null;
  return (
    <section className="section" aria-labelledby="office-files">
      <h2 id="office-files">{t.files}</h2>
      {shown.map((field) => (
        <div key={field.key} className="section">
          <h3>{field.title}</h3>
          {field.help && <p className="field-hint">{field.help}</p>}
          <Files files={one.attachments.filter((file) => file.field === field.key)} />
          {one.fields.some((value) => value.key === field.key && value.editable) && <Attach key={one.attachments.length} {...part} field={field} />}
        </div>
      ))}
    </section>
  );
}

function Files({ files }: { files: OfficeAttachment[] }) {
  const load = useAction();
  const save = (file: OfficeAttachment) =>
    void load.run(async () => {
      const got = await api.attachment(file.id);
      saveBase64(got.name, got.content, 'application/octet-stream');
    });
  if (files.length === 0) return <p className="field-hint">{t.noFiles}</p>;
  return (
    <>
      {load.error !== null && <OfficeError error={load.error} />}
      <ul className="office-files">
        {files.map((file) => (
          <li key={file.id}>
            <Button size="small" icon="download" disabled={load.busy} aria-label={t.download(file.name)} onClick={() => save(file)}>
              {file.name}
            </Button>
            <span className="meta">
              <span>{formatBytes(file.bytes)}</span>
              {file.dated !== '' && <span>{t.evidenceOf(wareki(file.dated))}</span>}
              <span>{t.putBy(file.by, warekiMinute(file.at))}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Attach({ one, field, onChange }: PartProps & { field: OfficeField }) {
  const chosen = useRef<HTMLInputElement>(null);
  const [dated, setDated] = useState('');
  const [wrong, setWrong] = useState({ file: '', dated: '' });
  const put = useAction();
  const id = `office-file-${field.key}`;
  const send = (event: FormEvent) => {
    event.preventDefault();
    const file = chosen.current?.files?.[0];
    const next = { file: !file ? t.fileMissing : file.size > kMost ? t.fileLarge : '', dated: field.evidence && dated === '' ? t.datedMissing : '' };
    setWrong(next);
    if (!file || next.file !== '' || next.dated !== '') {
      if (next.file !== '') chosen.current?.focus();
      return;
    }
    void put.run(async () => {
      const content = await toBase64(file);
      onChange(await api.attach(one.id, { field: field.key, name: file.name, content, dated: dated || null }), t.attached(file.name));
    });
  };
  return (
    <form className="office-row" aria-label={t.attachTo(field.title)} onSubmit={send} noValidate>
      <div className="field">
        <label htmlFor={id} className="field-label">
          {t.file}
        </label>
        <p id={`${id}-hint`} className="field-hint">
          {t.fileHint}
        </p>
        <input id={id} ref={chosen} className="office-file" type="file" aria-invalid={wrong.file !== '' || undefined} aria-describedby={`${id}-hint ${id}-error`} />
        <p id={`${id}-error`} className="field-error" role="alert">
          {wrong.file}
        </p>
      </div>
      {field.evidence && (
        <TextField
          type="date"
          label={t.dated}
          hint={[t.datedHint, dated === '' ? '' : t.era(wareki(dated))].filter(Boolean).join('　')}
          required
          error={wrong.dated || undefined}
          value={dated}
          onChange={(event) => setDated(event.target.value)}
        />
      )}
      <div>
        <Button type="submit" icon="upload" disabled={put.busy} aria-label={t.attachTo(field.title)}>
          {t.attach}
        </Button>
      </div>
      {put.error !== null && <OfficeError error={put.error} />}
    </form>
  );
}
