// What a person writes down: evidence for a control, and the reasons for withdrawing it or closing a gap.
import { useRef, useState } from 'react';
import { coverage as api, type CoverageControl } from '../../api/coverage';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextArea, TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { coverageTexts as t } from './messages';

async function sha256Of(file: File): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const given = (text: string) => (text.trim() === '' ? undefined : text.trim());

export function EvidenceDialog({ control, onClose }: { control: CoverageControl; onClose: (done: boolean) => void }) {
  const [what, setWhat] = useState('');
  const [date, setDate] = useState('');
  const [expires, setExpires] = useState('');
  const [link, setLink] = useState('');
  const [tried, setTried] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const { busy, error, run } = useAction();
  const send = () => {
    setTried(true);
    if (what.trim() === '' || date === '') return;
    void run(async () => {
      const chosen = file.current?.files?.[0];
      await api.record({ control: control.id, what: what.trim(), date, expires: given(expires), link: given(link), sha256: chosen ? await sha256Of(chosen) : undefined });
      onClose(true);
    });
  };
  return (
    <FormDialog title={t.recordOf(control.title)} submit={t.record} busy={busy} onSubmit={send} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <p className="meta">{control.mend}</p>
      <TextArea
        label={t.what}
        hint={t.whatHint}
        required
        rows={3}
        value={what}
        error={tried && what.trim() === '' ? t.whatMissing : undefined}
        onChange={(event) => setWhat(event.target.value)}
      />
      <TextField
        label={t.date}
        type="date"
        required
        value={date}
        error={tried && date === '' ? t.dateMissing : undefined}
        onChange={(event) => setDate(event.target.value)}
      />
      <TextField label={t.expires} type="date" value={expires} onChange={(event) => setExpires(event.target.value)} />
      <TextField label={t.link} value={link} onChange={(event) => setLink(event.target.value)} />
      <div className="field">
        <label className="field-label" htmlFor="coverage-file">
          {t.file}
        </label>
        <p className="field-hint" id="coverage-file-hint">
          {t.fileHint}
        </p>
        <input id="coverage-file" ref={file} type="file" aria-describedby="coverage-file-hint" />
      </div>
    </FormDialog>
  );
}

export function ReasonDialog({ title, submit, act, onClose }: { title: string; submit: string; act: (reason: string) => Promise<void>; onClose: (done: boolean) => void }) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const send = () => {
    setTried(true);
    if (reason.trim() === '') return;
    void run(async () => {
      await act(reason.trim());
      onClose(true);
    });
  };
  return (
    <FormDialog title={title} submit={submit} busy={busy} onSubmit={send} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <TextArea
        label={t.reason}
        required
        rows={3}
        value={reason}
        error={tried && reason.trim() === '' ? t.reasonMissing : undefined}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
