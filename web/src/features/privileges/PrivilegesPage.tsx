// For whoever looks after privileged rights: who holds them, when they were used and why, and who stands in for whom.
import { privileges as api } from '../../api';
import type { ElevationRecord } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { texts } from './messages';

const text = texts.page;

export default function PrivilegesPage() {
  const { data, error, loading, reload, set } = useLoad(() => api.list(null), []);
  const { busy, error: moreError, run } = useAction();
  const more = (before: string) =>
    void run(async () => {
      const page = await api.list(before);
      set((old) => ({ ...old, items: [...old.items, ...page.items], next: page.next }));
    });
  const { holderColumns, deputyColumns } = text;
  return (
    <Page title={text.title} lead={text.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <section className="section" aria-labelledby="privileges-records">
            <h2 id="privileges-records">{text.records}</h2>
            <Records items={data.items} />
            {moreError !== null && <ErrorNotice error={moreError} />}
            {data.next && (
              <div>
                <Button disabled={busy} onClick={() => more(data.next ?? '')}>
                  {text.more}
                </Button>
              </div>
            )}
          </section>
          <section className="section" aria-labelledby="privileges-holders">
            <h2 id="privileges-holders">
              {text.holders}（{text.holdersCount(data.holders.length)}）
            </h2>
            <Table caption={text.holders} columns={Object.values(holderColumns)}>
              {data.holders.map((holder) => (
                <tr key={holder.login}>
                  <th scope="row">{holder.name}</th>
                  <td data-label={holderColumns.login}>{holder.login}</td>
                  <td data-label={holderColumns.powers}>{holder.powers.join('、')}</td>
                </tr>
              ))}
            </Table>
          </section>
          <section className="section" aria-labelledby="privileges-deputies">
            <h2 id="privileges-deputies">{text.deputies}</h2>
            <p>{text.deputiesLead}</p>
            {data.deputies.length === 0 ? (
              <p className="empty">{text.deputiesEmpty}</p>
            ) : (
              <Table caption={text.deputies} columns={Object.values(deputyColumns)}>
                {data.deputies.map((deputy) => (
                  <tr key={deputy.approval_id}>
                    <th scope="row">{deputy.deputy}</th>
                    <td data-label={deputyColumns.principal}>{deputy.principal}</td>
                    <td data-label={deputyColumns.period}>{text.period(formatTime(deputy.from_at), formatTime(deputy.to_at))}</td>
                    <td data-label={deputyColumns.state}>{deputy.in_force ? text.inForce : text.toCome}</td>
                    <td data-label={deputyColumns.approval}>
                      <Link href={`/approvals/${deputy.approval_id}`}>{text.approval}</Link>
                    </td>
                  </tr>
                ))}
              </Table>
            )}
          </section>
        </>
      )}
    </Page>
  );
}

function Records({ items }: { items: ElevationRecord[] }) {
  const { recordColumns: columns } = text;
  if (items.length === 0) return <p className="empty">{text.recordsEmpty}</p>;
  return (
    <Table caption={text.records} columns={Object.values(columns)}>
      {items.map((item) => (
        <tr key={item.id}>
          <th scope="row">{item.name}</th>
          <td data-label={columns.reason}>{item.reason}</td>
          <td data-label={columns.from}>
            {formatTime(item.from_at)}
            <br />
            {text.planned(item.minutes)}
          </td>
          <td data-label={columns.to}>{formatTime(item.to_at)}</td>
          <td data-label={columns.state}>{item.open ? text.open : text.ended}</td>
        </tr>
      ))}
    </Table>
  );
}
