// The records behind one finding. Seeing whose use it was needs a basis, which is recorded.
import { useState } from 'react';
import { reviews as api } from '../../api';
import type { ReviewEntry, ReviewFinding } from '../../api/types';
import { Button, ButtonLink } from '../../components/Button/Button';
import { Dialog, FormDialog } from '../../components/Dialog/Dialog';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { ja } from '../../messages/ja';
import { reviewTexts as t } from './messages';

export function EntriesDialog({ period, finding, onClose }: { period: string; finding: ReviewFinding; onClose: () => void }) {
  const [basis, setBasis] = useState('');
  const [tried, setTried] = useState(false);
  const [found, setFound] = useState<{ items: ReviewEntry[]; more: boolean } | null>(null);
  const { busy, error, run } = useAction();
  const missing = basis.trim() === '';
  const send = () => {
    setTried(true);
    if (missing) return;
    const { kind, person, from, to } = finding;
    void run(async () => setFound(await api.entries(period, { kind, person, from, to, basis: basis.trim() })));
  };
  if (found === null)
    return (
      <FormDialog title={t.lookTitle} submit={t.show} busy={busy} onSubmit={send} onClose={onClose}>
        {error !== null && <ErrorNotice error={error} />}
        <TextField
          label={t.basis}
          hint={t.basisHint}
          required
          value={basis}
          error={tried && missing ? t.basisMissing : undefined}
          onChange={(event) => setBasis(event.target.value)}
        />
      </FormDialog>
    );
  return (
    <Dialog title={t.entries} onClose={onClose}>
      {found.more && <p>{t.moreEntries}</p>}
      {found.items.length === 0 ? (
        <p className="empty">{t.noEntries}</p>
      ) : (
        <Table caption={t.entries} columns={Object.values(t.entryColumns)}>
          {found.items.map((entry) => (
            <tr key={entry.seq}>
              <th scope="row">{entry.seq}</th>
              <td>{formatTime(entry.at)}</td>
              <td className="review-code">{entry.act}</td>
              <td>{t.decisions[entry.decision] ?? entry.decision}</td>
              <td>{entry.clause}</td>
              <td className="review-code">{entry.error}</td>
            </tr>
          ))}
        </Table>
      )}
      <div className="dialog-buttons">
        <ButtonLink href="/admin/log">{t.log}</ButtonLink>
        <Button onClick={onClose}>{ja.close}</Button>
      </div>
    </Dialog>
  );
}
