import { useState } from 'react';
import { collections, endpoints, stops as api, users } from '../../api';
import type { EmergencyStop, Segment } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextArea } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { useWords } from '../organisation/words';
import { text } from './messages';
import { StopDialog } from './StopDialog';
import './Stops.css';

export interface Choice {
  value: string;
  label: string;
}
export type Choices = Record<string, Choice[]>;

// What can be chosen. While something is stopped a list may be refused: then its entries are shown by their ids.
async function loadChoices(segments: Segment[]): Promise<Choices> {
  const [models, places, people] = await Promise.allSettled([endpoints.list(), collections.list(), users.list()]);
  const of = <T extends { id: string; name: string }>(list: PromiseSettledResult<T[]>): Choice[] =>
    list.status === 'fulfilled' ? list.value.map(({ id, name }) => ({ value: id, label: name })) : [];
  return {
    route: segments.map(({ code, name }) => ({ value: code, label: name })),
    endpoint: of(models),
    collection: of(places),
    account: of(people),
  };
}

function nameOf(stop: EmergencyStop, choices: Choices | null): string {
  const kind = text.kinds[stop.kind] ?? stop.kind;
  if (stop.target === '') return kind;
  return `${kind}：${choices?.[stop.kind]?.find((choice) => choice.value === stop.target)?.label ?? stop.target}`;
}

export default function StopsPage() {
  const words = useWords();
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  const choices = useLoad(() => loadChoices(words.profile.segments), []).data;
  const [setting, setSetting] = useState(false);
  const [releasing, setReleasing] = useState<EmergencyStop | null>(null);
  const { columns } = text;
  const done = (changed: boolean) => {
    setSetting(false);
    setReleasing(null);
    if (changed) void reload();
  };
  return (
    <Page
      title={text.title}
      lead={text.lead}
      actions={
        <Button kind="danger" icon="stop" onClick={() => setSetting(true)}>
          {text.set}
        </Button>
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data && (
        <section className="section" aria-labelledby="stops-now">
          <h2 id="stops-now">{text.now}</h2>
          {data.items.length === 0 && <p className="empty">{text.nothing}</p>}
          <ul className="stops">
            {data.items.map((stop) => (
              <StopCard key={stop.id} stop={stop} name={nameOf(stop, choices)} onRelease={() => setReleasing(stop)} />
            ))}
          </ul>
        </section>
      )}
      {data && data.released.length > 0 && (
        <section className="section" aria-labelledby="stops-past">
          <h2 id="stops-past">{text.past}</h2>
          <Table caption={text.past} columns={Object.values(columns)}>
            {data.released.map((stop) => (
              <tr key={stop.id}>
                <th scope="row">{nameOf(stop, choices)}</th>
                <td data-label={columns.reason}>{stop.reason || ja.none}</td>
                <td data-label={columns.set}>
                  {formatTime(stop.set_at)}
                  <span className="table-note">{stop.set_by}</span>
                </td>
                <td data-label={columns.released}>
                  {formatTime(stop.released_at)}
                  <span className="table-note">{stop.released_by}</span>
                </td>
                <td data-label={columns.why}>{stop.release_reason}</td>
              </tr>
            ))}
          </Table>
        </section>
      )}
      {setting && choices && <StopDialog choices={choices} onClose={done} />}
      {releasing && <ReleaseDialog stop={releasing} name={nameOf(releasing, choices)} onClose={done} />}
    </Page>
  );
}

function StopCard({ stop, name, onRelease }: { stop: EmergencyStop; name: string; onRelease: () => void }) {
  const minutes = stop.set_at ? Math.max(0, Math.floor((Date.now() - Date.parse(stop.set_at)) / 60000)) : null;
  const facts: [string, string][] = [
    [text.reason, stop.reason || text.unknown],
    [text.basis, stop.basis ? `${text.bases[stop.basis] ?? stop.basis}（${text.basisBy[stop.basis] ?? ''}：${stop.basis_by}）` : text.unknown],
    [text.since, stop.set_at ? formatTime(stop.set_at) : text.unknown],
    [text.elapsed, minutes === null ? text.unknown : text.minutes(minutes)],
    [text.setBy, stop.set_by || text.unknown],
    [text.told, stop.told.join('、') || ja.none],
    [text.incident, stop.incident || ja.none],
  ];
  return (
    <li className="stop">
      <h3>{name}</h3>
      {!stop.recorded && (
        <Notice tone="warning">
          <p>{text.notRecorded}</p>
        </Notice>
      )}
      {!stop.stored && (
        <Notice tone="error">
          <p>{text.notStored}</p>
        </Notice>
      )}
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="table-actions">
        <Button onClick={onRelease} aria-label={text.releaseOf(name)}>
          {text.release}
        </Button>
      </div>
    </li>
  );
}

function ReleaseDialog({ stop, name, onClose }: { stop: EmergencyStop; name: string; onClose: (changed: boolean) => void }) {
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const send = () => {
    setMissing(reason.trim() === '');
    if (reason.trim() === '') return;
    void run(async () => {
      await api.release(stop.id, reason.trim());
      onClose(true);
    });
  };
  return (
    <FormDialog title={text.releaseTitle} submit={text.release} busy={busy} onSubmit={send} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{text.releaseText(name)}</p>
      <TextArea
        label={text.releaseReason}
        value={reason}
        required
        rows={3}
        error={missing ? text.releaseMissing : undefined}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
