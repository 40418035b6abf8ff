// The lists of requests: mine, those to decide, what I was told, and all for auditors.
import { useState } from 'react';
import { approvals as api, type ApprovalItem, type Box } from '../../api/approvals';
import type { Page as PageOf } from '../../api/types';
import { Button, ButtonLink } from '../../components/Button/Button';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { Link, useLocation } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { useSession } from '../session/session';
import { text } from './messages';
import './Approvals.css';

export default function ApprovalsPage() {
  const { session } = useSession();
  const { params } = useLocation();
  const boxes: Box[] = session.user.powers.includes('approvals.audit') ? ['mine', 'rule', 'notified', 'all'] : ['mine', 'rule', 'notified'];
  const box = boxes.find((known) => known === params.get('box')) ?? 'mine';
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        <ButtonLink href="/approvals/new" kind="solid" icon="add">
          {text.create}
        </ButtonLink>
      }
    >
      <nav aria-label={text.boxesLabel}>
        <ul className="approval-boxes">
          {boxes.map((each) => (
            <li key={each}>
              <Link href={`/approvals?box=${each}`} className="approval-box" aria-current={each === box ? 'page' : undefined}>
                {text.boxes[each]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <BoxList key={box} box={box} />
    </Page>
  );
}

function BoxList({ box }: { box: Box }) {
  const { data, error, loading, reload, set } = useLoad<PageOf<ApprovalItem>>(() => api.list(box, null), [box]);
  const action = useAction();
  const [status, setStatus] = useState('');
  const more = () =>
    void action.run(async () => {
      const next = await api.list(box, data?.next ?? null);
      set((old) => ({ items: [...old.items, ...next.items], next: next.next }));
      setStatus(String(next.items.length));
    });
  const { columns } = text;
  return (
    <section className="section" aria-label={text.boxes[box]}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data?.items.length === 0 && !data.next && <p className="empty">{text.empty[box]}</p>}
      {data && data.items.length > 0 && (
        <Table caption={text.boxes[box]} columns={Object.values(columns)}>
          {data.items.map((item) => (
            <Row key={item.id} item={item} told={box === 'notified'} />
          ))}
        </Table>
      )}
      {action.error !== null && <ErrorNotice error={action.error} />}
      {data?.next && (
        <div>
          <Button disabled={action.busy} onClick={more}>
            {ja.more}
          </Button>
        </div>
      )}
      <p role="status" className="visually-hidden">
        {status}
      </p>
    </section>
  );
}

function Row({ item, told }: { item: ApprovalItem; told: boolean }) {
  const { columns } = text;
  return (
    <tr>
      <th scope="row">
        <Link href={`/approvals/${item.id}`}>{item.title}</Link>
        <span className="approval-reason">{item.elsewhere.length > 0 ? text.elsewhereShort : item.reason}</span>
      </th>
      <td data-label={columns.requester}>
        {item.requester}
        <span className="approval-reason">{item.department}</span>
      </td>
      <td data-label={columns.state}>
        <span className="approval-tags">
          <StateTag state={item.state} />
          {item.unseen && <span className="state-tag state-bad">{text.unseen}</span>}
          {item.exception && <span className="state-tag state-bad">{text.exception}</span>}
          {item.done_at && <span className="state-tag state-busy">{lateness(item.done_at, item.state)}</span>}
        </span>
        {told && item.notice && <span className="approval-reason">{text.told(text.events[item.notice] ?? item.notice)}</span>}
      </td>
      <td data-label={columns.submitted}>{formatTime(item.submitted_at)}</td>
      <td data-label={columns.ends}>{item.ends_at ? formatTime(item.ends_at) : item.review_at ? text.reviewShort(formatTime(item.review_at)) : ja.none}</td>
    </tr>
  );
}

export function StateTag({ state }: { state: ApprovalItem['state'] }) {
  return <span className={`state-tag state-${text.tones[state]}`}>{text.states[state]}</span>;
}

// What was done first ages until somebody has decided.
export function lateness(done: string, state: ApprovalItem['state']): string {
  const waits = state === 'draft' || state === 'submitted' || state === 'returned';
  const days = Math.floor((Date.now() - new Date(done).getTime()) / 86_400_000);
  return waits && days > 0 ? text.afterwardsDays(days) : text.afterwards;
}
