import type { ReactNode } from 'react';
import { Button } from '../../components/Button/Button';
import { formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { records } from './messages';

interface Dated {
  state: string;
  valid_from: string;
  valid_to: string | null;
  end_reason: string | null;
  waits_for: string | null;
}

const tones: Record<string, string> = { waiting: 'busy', 'in force': 'good', 'not yet': 'off', expired: 'bad', ended: 'off' };

// What counts now stands first; what is over is kept, folded away.
export function RecordList<T extends Dated & { id: string }>({ items, card }: { items: T[]; card: (item: T) => ReactNode }) {
  const over = items.filter((item) => item.state === 'ended' || item.state === 'expired');
  return (
    <>
      <ul className="endpoints">{items.filter((item) => !over.includes(item)).map(card)}</ul>
      {over.length > 0 && (
        <details className="records-over">
          <summary>{records.over(over.length)}</summary>
          <ul className="endpoints">{over.map(card)}</ul>
        </details>
      )}
    </>
  );
}

// Without effect until a second person has checked it: the way to the request.
export function WaitsFor({ approval }: { approval: string }) {
  return (
    <p className="meta">
      {records.waits} <Link href={`/approvals/${approval}`}>{records.request}</Link>
    </p>
  );
}

// One approval or flow: its facts, its state and period, and the button that ends it.
export function RecordCard({ name, record, facts, onEnd }: { name: string; record: Dated; facts: [string, string][]; onEnd: () => void }) {
  const all: [string, string][] = [
    ...facts,
    [records.period, records.until(formatTime(record.valid_from), record.valid_to ? formatTime(record.valid_to) : null)],
  ];
  if (record.end_reason) all.push([records.ended, record.end_reason]);
  return (
    <li className="endpoint">
      <div className="endpoint-head">
        <h2>{name}</h2>
        <span className={`state-tag state-${tones[record.state] ?? 'off'}`}>{records.states[record.state] ?? record.state}</span>
      </div>
      <dl className="facts">
        {all.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {record.waits_for !== null && record.state === 'waiting' && <WaitsFor approval={record.waits_for} />}
      {record.state !== 'ended' && (
        <div className="table-actions">
          <Button size="small" onClick={onEnd} aria-label={records.endOf(name)}>
            {records.end}
          </Button>
        </div>
      )}
    </li>
  );
}
