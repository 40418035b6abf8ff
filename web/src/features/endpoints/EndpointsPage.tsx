import { useState } from 'react';
import { endpoints as api, status as readStatus } from '../../api';
import type { Endpoint } from '../../api/types';
import { Button, IconButton } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { formatNumber, formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { useWords } from '../organisation/words';
import { errorSentence, ja } from '../../messages/ja';
import { WaitsFor } from '../services/RecordCard';
import { EndpointDialog } from './EndpointDialog';
import './Endpoints.css';

const tones: Record<Endpoint['state'], string> = { usable: 'good', waiting: 'busy', 'not approved': 'bad', 'no flow': 'bad', disabled: 'off' };

export default function EndpointsPage() {
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  const [editing, setEditing] = useState<Endpoint | 'new' | null>(null);
  const close = (changed: boolean) => {
    setEditing(null);
    if (changed) void reload();
  };
  return (
    <Page
      title={ja.endpoints.title}
      lead={ja.endpoints.lead}
      actions={
        <Button kind="solid" icon="add" onClick={() => setEditing('new')}>
          {ja.endpoints.create}
        </Button>
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data?.length === 0 && <p className="empty">{ja.endpoints.empty}</p>}
      <ul className="endpoints">
        {data?.map((item) => (
          <EndpointCard key={item.id} item={item} onEdit={() => setEditing(item)} onChanged={() => void reload()} />
        ))}
      </ul>
      <StatusSection />
      {editing !== null && <EndpointDialog endpoint={editing === 'new' ? null : editing} onClose={close} />}
    </Page>
  );
}

function EndpointCard({ item, onEdit, onChanged }: { item: Endpoint; onEdit: () => void; onChanged: () => void }) {
  const words = useWords();
  const { busy, error, run } = useAction();
  const [removing, setRemoving] = useState(false);
  const setEnabled = () =>
    void run(async () => {
      await api.change(item.id, { enabled: !item.enabled });
      onChanged();
    });
  const remove = () =>
    void run(async () => {
      await api.remove(item.id);
      setRemoving(false);
      onChanged();
    });
  const facts: [string, string][] = [
    [ja.endpoints.protocol, ja.endpoints.protocols[item.protocol] ?? item.protocol],
    [ja.endpoints.url, item.url],
    [ja.endpoints.model, item.model],
    [ja.endpoints.ceiling, ja.endpoints.ceilingOf(words.confidentiality(item.ceiling))],
    [ja.endpoints.segments, item.segments.map((segment) => words.segment(segment)).join('、') || ja.none],
    [ja.endpoints.region, item.region || ja.none],
    [ja.endpoints.law, item.governing_law || ja.none],
    [ja.endpoints.approval, item.approval || ja.none],
    [ja.endpoints.home, item.home === '' ? ja.endpoints.noHome : words.segment(item.home)],
  ];
  return (
    <li className="endpoint">
      <div className="endpoint-head">
        <h2>{item.name}</h2>
        <span className={`state-tag state-${tones[item.state] ?? 'off'}`}>{ja.endpoints.states[item.state] ?? item.state}</span>
      </div>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {item.waits_for !== null && <WaitsFor approval={item.waits_for} />}
      {error !== null && <ErrorNotice error={error} />}
      <div className="table-actions">
        <EndpointTester item={item} />
        <Button size="small" icon="edit" onClick={onEdit}>
          {ja.edit}
        </Button>
        <Button size="small" disabled={busy} onClick={setEnabled}>
          {item.enabled ? ja.endpoints.disable : ja.endpoints.enable}
        </Button>
        <IconButton icon="trash" label={`${ja.endpoints.removeTitle}：${item.name}`} onClick={() => setRemoving(true)} />
      </div>
      {removing && (
        <FormDialog
          title={ja.endpoints.removeTitle}
          submit={ja.remove}
          danger
          busy={busy}
          onSubmit={remove}
          onClose={() => setRemoving(false)}
        >
          <p>{ja.endpoints.removeText(item.name)}</p>
        </FormDialog>
      )}
    </li>
  );
}

function EndpointTester({ item }: { item: Endpoint }) {
  const { busy, error, run } = useAction();
  const [outcome, setOutcome] = useState<{ ok: boolean; text: string } | null>(null);
  const test = () =>
    void run(async () => {
      setOutcome(null);
      const answer = await api.test(item.id);
      setOutcome({
        ok: answer.ok,
        text: answer.ok
          ? ja.endpoints.testOk(formatNumber(answer.ms))
          : answer.error
            ? errorSentence(answer.error)
            : ja.endpoints.testFailed,
      });
    });
  return (
    <>
      <Button size="small" disabled={busy} onClick={test} aria-label={ja.endpoints.testOf(item.name)}>
        {busy ? ja.endpoints.testing : ja.endpoints.test}
      </Button>
      <div className="endpoint-outcome" role="status">
        {outcome && (
          <Notice tone={outcome.ok ? 'success' : 'error'}>
            <p>{outcome.text}</p>
          </Notice>
        )}
      </div>
      {error !== null && <ErrorNotice error={error} />}
    </>
  );
}

function StatusSection() {
  const { data } = useLoad(() => readStatus(), []);
  if (!data) return null;
  const facts: [string, string][] = [
    [ja.status.version, data.version],
    [ja.status.log, formatNumber(data.log.size)],
    [ja.status.checkpoint, formatTime(data.log.checkpoint_at) || ja.none],
  ];
  return (
    <section className="section" aria-labelledby="status-title">
      <h2 id="status-title">{ja.status.title}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
