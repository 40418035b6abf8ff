// An act on somebody's account that needs a sentence for the record: suspending, unlocking, deciding on an unused id.
import { useState } from 'react';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';

interface Props {
  title: string;
  text?: string;
  label: string;
  hint?: string;
  missing: string;
  submit: string;
  danger?: boolean;
  onSubmit: (reason: string) => Promise<void>;
  onClose: () => void;
}

export function ReasonDialog({ title, text, label, hint, missing, submit, danger, onSubmit, onClose }: Props) {
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState(false);
  const { busy, error, run } = useAction();
  const send = () => {
    setWrong(reason.trim() === '');
    if (reason.trim() !== '') void run(() => onSubmit(reason.trim()));
  };
  return (
    <FormDialog title={title} submit={submit} danger={danger} busy={busy} onSubmit={send} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      {text && <p>{text}</p>}
      <TextField
        label={label}
        hint={hint}
        error={wrong ? missing : undefined}
        value={reason}
        required
        maxLength={160}
        autoComplete="off"
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
