import { useState } from 'react';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextArea } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { records } from './messages';

// Ends an approval or a flow, with the reason.
export function EndRecordDialog({
  name,
  end,
  onClose,
}: {
  name: string;
  end: (reason: string) => Promise<object>;
  onClose: (changed: boolean) => void;
}) {
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const send = () => {
    setMissing(reason.trim() === '');
    if (reason.trim() === '') return;
    void run(async () => {
      await end(reason.trim());
      onClose(true);
    });
  };
  return (
    <FormDialog title={records.endTitle} submit={records.end} danger busy={busy} onSubmit={send} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{records.endText(name)}</p>
      <TextArea
        label={records.endReason}
        value={reason}
        required
        rows={3}
        error={missing ? records.endMissing : undefined}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
