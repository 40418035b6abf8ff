// The request: what is to go, in ids and in words that may stay.
import { useState } from 'react';
import { disposal as api } from '../../api';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextArea, TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { useSession } from '../session/session';
import { parseBackups } from './backups';
import { disposalTexts as t } from './messages';

const f = t.form;

interface Props {
  // What the person came from; the id may be empty.
  first: { scope: string; id: string };
  onClose: (asked: boolean) => void;
}

export function AskDialog({ first, onClose }: Props) {
  const { session } = useSession();
  const powers = session.user.powers;
  const scopes = Object.keys(t.scopes).filter(
    (scope) => (scope !== 'person' || powers.includes('users.manage')) && (scope !== 'contract' || powers.includes('decide.central')),
  );
  const [input, setInput] = useState({ scope: first.scope, target: first.id, documents: first.id, what: '', reason: '', backups: '' });
  const [withDocuments, setWithDocuments] = useState(false);
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const documents = input.documents.split(/\s+/).filter(Boolean);
  const byDocuments = input.scope === 'documents';
  const byTarget = input.scope !== 'documents' && input.scope !== 'contract';
  const missing = {
    documents: byDocuments && documents.length === 0,
    target: byTarget && input.target.trim() === '',
    what: input.what.trim() === '',
    reason: input.reason.trim().length < 5,
  };
  const send = () => {
    setTried(true);
    if (Object.values(missing).some(Boolean)) return;
    void run(async () => {
      await api.ask({
        scope: input.scope,
        what: input.what.trim(),
        reason: input.reason.trim(),
        backups: parseBackups(input.backups),
        ...(byDocuments ? { documents } : {}),
        ...(byTarget ? { target: input.target.trim() } : {}),
        ...(input.scope === 'person' ? { with_documents: withDocuments } : {}),
      });
      onClose(true);
    });
  };
  const field = (name: keyof typeof input) => ({
    value: input[name],
    onChange: (event: { target: { value: string } }) => setInput((old) => ({ ...old, [name]: event.target.value })),
  });
  return (
    <FormDialog title={f.title} submit={f.submit} busy={busy} danger onSubmit={send} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <SelectField label={f.scope} {...field('scope')}>
        {scopes.map((scope) => (
          <option key={scope} value={scope}>
            {t.scopes[scope]}
          </option>
        ))}
      </SelectField>
      {byDocuments && (
        <TextArea label={f.documents} required rows={4} error={tried && missing.documents ? f.documentsMissing : undefined} {...field('documents')} />
      )}
      {byTarget && (
        <TextField label={f.target[input.scope]!} required error={tried && missing.target ? f.targetMissing : undefined} {...field('target')} />
      )}
      {input.scope === 'person' && (
        <label>
          <input type="checkbox" checked={withDocuments} onChange={(event) => setWithDocuments(event.target.checked)} /> {f.withDocuments}
        </label>
      )}
      {input.scope === 'contract' && <p>{f.contractHint}</p>}
      <TextField label={f.what} hint={f.whatHint} required error={tried && missing.what ? f.whatMissing : undefined} {...field('what')} />
      <TextArea label={f.reason} required rows={3} error={tried && missing.reason ? f.reasonMissing : undefined} {...field('reason')} />
      <TextArea label={f.backups} hint={f.backupsHint} rows={2} {...field('backups')} />
    </FormDialog>
  );
}
