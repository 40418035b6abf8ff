// One request: what is asked, who decided what under which conditions, and what the person looking at it may do.
import { useEffect, useState } from 'react';
import { collections, documents } from '../../api';
import { approvals as api, type Approval, type ApprovalKind, type Can } from '../../api/approvals';
import { Button, ButtonLink } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextArea } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { text as lowering } from '../lowering/messages';
import { useWords } from '../organisation/words';
import { ApprovalForm } from './ApprovalForm';
import { StateTag, lateness } from './ApprovalsPage';
import { text } from './messages';
import './Approvals.css';

export default function ApprovalPage({ id }: { id: string }) {
  const { data, error, reload, set } = useLoad(() => api.get(id), [id]);
  const [mending, setMending] = useState<ApprovalKind | null>(null);
  const action = useAction();
  const words = useWords();
  // What is on the screen has been seen; the next look at the list shows it so.
  useEffect(() => {
    api.see(id).catch(() => undefined);
  }, [id]);
  const mend = () =>
    void action.run(async () => {
      setMending((await api.kinds()).find((kind) => kind.key === data?.kind) ?? null);
    });
  if (data && mending)
    return (
      <Page key="mending" title={text.editTitle(data.title)} lead={mending.description}>
        <ApprovalForm
          kind={mending}
          request={data}
          onSave={async (input, submit) => {
            let next = await api.edit(id, input);
            if (submit) next = await api.submit(id);
            set(() => next);
            setMending(null);
          }}
        />
      </Page>
    );
  return (
    <Page title={data?.title ?? text.title} actions={<ButtonLink href="/approvals">{text.back}</ButtonLink>}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {action.error !== null && <ErrorNotice error={action.error} />}
      {!data && error === null && <Spinner />}
      {data && data.elsewhere.length > 0 && (
        <Notice tone="warning">
          <p>{text.elsewhere(data.elsewhere.map((segment) => words.segment(segment)).join('、'))}</p>
        </Notice>
      )}
      {data && data.elsewhere.length > 0 && <Decisions request={data} />}
      {data && data.elsewhere.length === 0 && (
        <>
          <Facts request={data} />
          <Actions request={data} onMend={mend} onDone={(next) => set(() => next)} />
          <Decisions request={data} />
          <History request={data} />
        </>
      )}
    </Page>
  );
}

function Facts({ request }: { request: Approval }) {
  const period = [request.ends_at && text.periodOf(formatTime(request.starts_at), formatTime(request.ends_at)), request.review_at && text.reviewOn(formatTime(request.review_at))]
    .filter(Boolean)
    .join('、');
  const facts: [string, string][] = [
    [text.requester, `${request.requester}（${request.department}）`],
    [text.clauses, request.clauses.join('、')],
    ...request.fields.map((field): [string, string] => [field.title, field.value]),
    [text.reason, request.reason],
    [text.period, period || ja.none],
  ];
  return (
    <section className="section" aria-labelledby="approval-content">
      <h2 id="approval-content">{text.content}</h2>
      <p className="approval-tags">
        <StateTag state={request.state} />
        {request.done_at && <span className="state-tag state-busy">{`${lateness(request.done_at, request.state)}：${formatTime(request.done_at)}`}</span>}
        {request.revision > 1 && <span className="state-tag state-off">{text.revision(request.revision)}</span>}
      </p>
      <dl className="facts">
        {request.kind === 'declassify' && (
          <div>
            <dt>{lowering.document}</dt>
            <dd>
              <Subject id={request.subject} />
            </dd>
          </div>
        )}
        {request.kind === 'declassify_collection' && (
          <div>
            <dt>{lowering.collection}</dt>
            <dd>
              <CollectionSubject id={request.subject} />
            </dd>
          </div>
        )}
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="approval-note">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

// The document that a request is about: its name is only for who may read it.
function Subject({ id }: { id: string }) {
  const { data, error } = useLoad(() => documents.get(id), [id]);
  if (error !== null) return <span className="meta">{lowering.unreadable}</span>;
  return data ? <Link href={`/documents/${id}`}>{data.name}</Link> : <Spinner />;
}

function CollectionSubject({ id }: { id: string }) {
  const { data, error } = useLoad(async () => ({ found: (await collections.list()).find((item) => item.id === id) }), [id]);
  if (!data && error === null) return <Spinner />;
  if (!data?.found) return <span className="meta">{lowering.unreadable}</span>;
  return <Link href={`/collections/${id}`}>{data.found.name}</Link>;
}

type Asked = Exclude<Can, 'edit' | 'submit'>;
const dangerous: Asked[] = ['refuse', 'revoke', 'withdraw', 'override'];

function Actions({ request, onMend, onDone }: { request: Approval; onMend: () => void; onDone: (next: Approval) => void }) {
  const action = useAction();
  const [asking, setAsking] = useState<Asked | null>(null);
  if (request.can.length === 0) return null;
  const press = (what: Can) => {
    if (what === 'edit') onMend();
    else if (what === 'submit') void action.run(async () => onDone(await api.submit(request.id)));
    else setAsking(what);
  };
  return (
    <div className="section">
      {action.error !== null && <ErrorNotice error={action.error} />}
      <div className="approval-actions">
        {request.can.map((what) => (
          <Button key={what} kind={what === 'grant' || what === 'submit' ? 'solid' : undefined} disabled={action.busy} onClick={() => press(what)}>
            {text.actions[what]}
          </Button>
        ))}
      </div>
      {asking && (
        <ActDialog
          request={request}
          what={asking}
          onClose={() => setAsking(null)}
          onDone={(next) => {
            setAsking(null);
            onDone(next);
          }}
        />
      )}
    </div>
  );
}

function act(request: Approval, what: Asked, note: string): Promise<Approval> {
  if (what === 'withdraw' || what === 'finish') return api.finish(request.id);
  if (what === 'revoke') return api.revoke(request.id, note);
  if (what === 'override') return api.except(request.id, request.content_hash, note, '');
  return api.rule(request.id, what, request.content_hash, note);
}

function ActDialog({ request, what, onClose, onDone }: { request: Approval; what: Asked; onClose: () => void; onDone: (next: Approval) => void }) {
  const [note, setNote] = useState('');
  const { busy, error, run } = useAction();
  const label = what === 'withdraw' || what === 'finish' ? null : text.notes[what];
  return (
    <FormDialog
      title={text.actions[what]}
      submit={text.actions[what]}
      danger={dangerous.includes(what)}
      busy={busy}
      onSubmit={() => void run(async () => onDone(await act(request, what, note)))}
      onClose={onClose}
    >
      {error !== null && <ErrorNotice error={error} />}
      <p>{text.explain[what]}</p>
      {label && (
        <TextArea
          label={label}
          hint={what === 'override' ? text.overrideHint : undefined}
          required={what !== 'grant'}
          rows={4}
          value={note}
          onChange={(e) => setNote(e.target.value)}
        />
      )}
    </FormDialog>
  );
}

function Decisions({ request }: { request: Approval }) {
  return (
    <section className="section" aria-labelledby="approval-decisions">
      <h2 id="approval-decisions">{text.decisions}</h2>
      <ul className="approval-slots">
        {request.slots.map((slot, n) => (
          <li key={n}>
            <strong>{[slot.unit, slot.roles].filter(Boolean).join(' ')}</strong>
            {!slot.open && <span>{text.signed(slot.signed_by ?? '', formatTime(slot.signed_at))}</span>}
            {slot.on_behalf && <span className="meta">{text.behalf(slot.on_behalf)}</span>}
            {slot.conditions && <span className="approval-note">{`${text.conditions}：${slot.conditions}`}</span>}
            {slot.exception && <span className="state-tag state-bad">{text.exception}</span>}
            {slot.open && request.state === 'submitted' && (
              <span className="meta">{slot.candidates.length > 0 ? text.canSign(slot.candidates.join('、')) : text.nobodyCan}</span>
            )}
          </li>
        ))}
      </ul>
      {request.exceptions.length > 0 && (
        <Notice tone="warning">
          <p>{text.exceptions}</p>
          {request.exceptions.map((exception) => (
            <p key={exception.at} className="approval-note">{`${formatTime(exception.at)} ${exception.name}：${exception.reason}`}</p>
          ))}
        </Notice>
      )}
    </section>
  );
}

function History({ request }: { request: Approval }) {
  return (
    <>
      <section className="section" aria-labelledby="approval-history">
        <h2 id="approval-history">{text.history}</h2>
        <ol className="approval-history">
          {request.history.map((event, n) => (
            <li key={n}>
              <span>{`${text.events[event.event] ?? event.event}　${event.name || text.byClock}`}</span>
              <span className="meta">{formatTime(event.at)}</span>
              {event.note && <span className="approval-note">{event.note}</span>}
            </li>
          ))}
        </ol>
      </section>
      {request.notices.length > 0 && (
        <section className="section" aria-labelledby="approval-notices">
          <h2 id="approval-notices">{text.notices}</h2>
          <ul className="approval-history">
            {request.notices.map((notice, n) => (
              <li key={n}>
                <span>{`${text.events[notice.event] ?? notice.event} → ${notice.to}`}</span>
                <span className="meta">
                  <span>{formatTime(notice.at)}</span>
                  <span>{notice.seen.length > 0 ? text.seenBy(notice.seen.map((s) => `${s.name}（${formatTime(s.at)}）`).join('、')) : text.notSeen}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
