// The queue of what waits for its class: documents whose class nobody knew, and what another scheme left several classes to choose from. Names only.
import { useCallback, useState } from 'react';
import { classes as api } from '../../api';
import type { Ranks, Unruled, UnruledPage as Queue } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatBytes, formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { Link } from '../../lib/router';
import { ja } from '../../messages/ja';
import { ChoiceDialog } from './ChoiceDialog';
import { Rank } from './Rank';
import { Reason } from './Reason';

export default function UnruledPage() {
  const [after, setAfter] = useState<string | null>(null);
  const { data, error, loading, reload } = useLoad(() => api.unruled(after), [after]);
  const [ruling, setRuling] = useState<Unruled | null>(null);
  const [done, setDone] = useState('');
  const [asked, setAsked] = useState<string | null>(null);
  const { columns } = ja.classes;
  const ruled = useCallback(
    (name: string) => {
      setRuling(null);
      setDone(ja.classes.done(name));
      setAsked(null);
      void reload();
    },
    [reload],
  );
  const chosen = useCallback(
    (name: string, approval: string | null) => {
      setRuling(null);
      setDone(approval === null ? ja.classes.chosen(name) : ja.classes.asked(name));
      setAsked(approval);
      void reload();
    },
    [reload],
  );
  return (
    <Page title={ja.classes.title} lead={ja.classes.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      <div role="status">
        {done !== '' && (
          <Notice tone="info">
            <p>
              {done} {asked !== null && <Link href={`/approvals/${asked}`}>{ja.classes.request}</Link>}
            </p>
          </Notice>
        )}
      </div>
      {loading && !data && <Spinner />}
      {data?.items.length === 0 && <p className="empty">{ja.classes.empty}</p>}
      {data && data.items.length > 0 && (
        <Table caption={ja.classes.title} columns={Object.values(columns)}>
          {data.items.map((item) => (
            <tr key={item.id}>
              <th scope="row">{item.what === 'collection' ? ja.classes.collection(item.name) : item.name}</th>
              <td data-label={columns.why}>
                {ja.classes.why[item.waits_for]}
                {item.given !== null && <span className="meta"> {ja.classes.now(nowOf(item.given, data))}</span>}
              </td>
              <td data-label={columns.place}>
                {item.department} {item.what === 'collection' ? '' : item.collection}
              </td>
              <td data-label={columns.bytes}>{item.what === 'collection' ? '' : formatBytes(item.bytes)}</td>
              <td data-label={columns.created}>{formatTime(item.created_at)}</td>
              <td data-label={columns.rule}>
                <RuleButton item={item} onOpen={() => setRuling(item)} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {data?.next && <Button onClick={() => setAfter(data.next ?? null)}>{ja.classes.more}</Button>}
      {ruling && data && ruling.given === null && <RulingDialog document={ruling} scheme={data} onClose={() => setRuling(null)} onRuled={ruled} />}
      {ruling && data && ruling.given !== null && ruling.least !== null && (
        <ChoiceDialog item={ruling} given={ruling.given} least={ruling.least} scheme={data} onClose={() => setRuling(null)} onChosen={chosen} />
      )}
    </Page>
  );
}

const nowOf = (given: Ranks, scheme: Queue) => scheme.confidentiality[given.confidentiality - 1] ?? '';

// Whoever brought in what nobody knew the class of does not rule on it; choosing is open to her, a lower class is signed by another.
function RuleButton({ item, onOpen }: { item: Unruled; onOpen: () => void }) {
  if (item.waits_for === 'choice')
    return (
      <Button aria-label={ja.classes.chooseOf(item.name)} onClick={onOpen}>
        {ja.classes.choose}
      </Button>
    );
  if (item.own) return ja.classes.own;
  return (
    <Button aria-label={ja.classes.ruleOf(item.name)} onClick={onOpen}>
      {ja.classes.rule}
    </Button>
  );
}

function RulingDialog({
  document,
  scheme,
  onClose,
  onRuled,
}: {
  document: Unruled;
  scheme: Queue;
  onClose: () => void;
  onRuled: (name: string) => void;
}) {
  // Nothing is chosen lightly: the highest class stands until the manager takes another.
  const [c, setC] = useState(scheme.confidentiality.length);
  const [i, setI] = useState(scheme.integrity.length);
  const [a, setA] = useState(scheme.availability.length);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const rule = () => {
    setMissing(reason.trim() === '');
    if (reason.trim() === '') return;
    void run(async () => {
      // An axis that the scheme does not have is not ruled on.
      const integrity = scheme.integrity.length > 0 ? i : undefined;
      const availability = scheme.availability.length > 0 ? a : undefined;
      await api.rule(document.id, { confidentiality: c, integrity, availability, reason: reason.trim() });
      onRuled(document.name);
    });
  };
  return (
    <FormDialog title={ja.classes.ruleOf(document.name)} submit={ja.classes.rule} busy={busy} onSubmit={rule} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      <Rank label={ja.classes.confidentiality} names={scheme.confidentiality} value={c} onChange={setC} />
      <Rank label={ja.classes.integrity} names={scheme.integrity} value={i} onChange={setI} />
      <Rank label={ja.classes.availability} names={scheme.availability} value={a} onChange={setA} />
      <Reason value={reason} error={missing ? ja.classes.missing : undefined} onChange={setReason} />
    </FormDialog>
  );
}
