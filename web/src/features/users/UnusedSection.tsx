// Ids that nobody used for a while: the person in charge keeps or suspends each, with a reason (11(2)ア(イ)c).
import { useState, type FormEvent } from 'react';
import { users as api } from '../../api';
import type { User } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useLoad } from '../../lib/useLoad';
import { accounts } from '../../messages/accounts';
import { ReasonDialog } from './ReasonDialog';

const text = accounts.users.unused;

export function UnusedSection() {
  const [days, setDays] = useState<number | null>(null);
  const list = useLoad(() => api.unused(days), [days]);
  const [open, setOpen] = useState<{ user: User; decision: 'keep' | 'suspend' } | null>(null);
  const [note, setNote] = useState('');
  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setDays(Number(new FormData(event.currentTarget).get('days')) || null);
  };
  const decide = async (reason: string) => {
    if (!open) return;
    await api.review(open.user.id, open.decision, reason);
    setNote(text.done(open.user.name, open.decision === 'keep'));
    setOpen(null);
    await list.reload();
  };
  const { columns } = text;
  const items = list.data?.items ?? [];
  return (
    <>
      {list.data && <p>{text.lead(list.data.days)}</p>}
      <form className="form form-narrow" onSubmit={apply}>
        <TextField key={list.data?.days} label={text.days} name="days" type="number" min={1} max={3650} defaultValue={list.data?.days ?? ''} />
        <div>
          <Button type="submit">{text.apply}</Button>
        </div>
      </form>
      {list.error !== null && <ErrorNotice error={list.error} onRetry={() => void list.reload()} />}
      {note !== '' && (
        <Notice tone="success" role="status">
          <p>{note}</p>
        </Notice>
      )}
      {list.loading && !list.data && <Spinner />}
      {list.data && items.length === 0 && <p className="empty">{text.empty}</p>}
      {items.length > 0 && (
        <Table caption={accounts.users.unusedTab} columns={Object.values(columns)}>
          {items.map((user) => (
            <tr key={user.id}>
              <th scope="row">{user.name}</th>
              <td data-label={columns.login}>{user.login}</td>
              <td data-label={columns.department}>{user.department}</td>
              <td data-label={columns.used}>{formatTime(user.last_login_at) || accounts.users.never}</td>
              <td>
                <div className="table-actions">
                  <Button size="small" aria-label={text.keepOf(user.name)} onClick={() => setOpen({ user, decision: 'keep' })}>
                    {text.keep}
                  </Button>
                  <Button size="small" aria-label={text.suspendOf(user.name)} onClick={() => setOpen({ user, decision: 'suspend' })}>
                    {text.suspend}
                  </Button>
                </div>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {open && (
        <ReasonDialog
          title={open.decision === 'keep' ? text.keepOf(open.user.name) : text.suspendOf(open.user.name)}
          label={text.reason}
          missing={text.reasonMissing}
          submit={open.decision === 'keep' ? text.keep : text.suspend}
          danger={open.decision === 'suspend'}
          onSubmit={decide}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}
