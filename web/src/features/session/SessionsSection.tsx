// One's own open sessions: where they are, and an end to each.
import { useState } from 'react';
import { session as api } from '../../api';
import { Button } from '../../components/Button/Button';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { accounts } from '../../messages/accounts';
import { agentName } from './agentName';

export function SessionsSection() {
  const list = useLoad(() => api.open(), []);
  const { busy, error, run } = useAction();
  const [note, setNote] = useState('');
  const text = accounts.sessions;
  const end = (id: string) =>
    void run(async () => {
      await api.end(id);
      await list.reload();
    });
  const endOthers = () =>
    void run(async () => {
      const { ended } = await api.endOthers();
      setNote(text.ended(ended));
      await list.reload();
    });
  const items = list.data?.items ?? [];
  const { columns } = text;
  return (
    <section className="section" aria-labelledby="sessions-title">
      <h2 id="sessions-title">{text.title}</h2>
      <p>{text.lead}</p>
      {list.error !== null && <ErrorNotice error={list.error} onRetry={() => void list.reload()} />}
      {error !== null && <ErrorNotice error={error} />}
      {note !== '' && (
        <Notice tone="success" role="status">
          <p>{note}</p>
        </Notice>
      )}
      {list.loading && !list.data && <Spinner />}
      {items.length > 0 && (
        <Table caption={text.title} columns={Object.values(columns)}>
          {items.map((item) => {
            const name = agentName(item.agent) || text.unknown;
            return (
              <tr key={item.id}>
                <th scope="row">
                  {name}
                  {item.current && <span className="table-note">{text.current}</span>}
                </th>
                <td data-label={columns.source}>{item.source}</td>
                <td data-label={columns.created}>{formatTime(item.created_at)}</td>
                <td data-label={columns.seen}>{formatTime(item.seen_at)}</td>
                <td>
                  {!item.current && (
                    <Button
                      size="small"
                      disabled={busy}
                      aria-label={text.endOf(name, formatTime(item.created_at))}
                      onClick={() => end(item.id)}
                    >
                      {text.end}
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </Table>
      )}
      {items.length > 1 && (
        <div>
          <Button disabled={busy} onClick={endOthers}>
            {text.endOthers}
          </Button>
        </div>
      )}
    </section>
  );
}
