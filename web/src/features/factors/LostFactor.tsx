// Stopping a lost factor before any other was given: it only ever makes the person's access less.
import { useState } from 'react';
import { factors as api } from '../../api';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { useLoad } from '../../lib/useLoad';
import { FactorTable } from './FactorTable';
import { texts } from './messages';

export function LostFactor({ onStopped }: { onStopped: () => Promise<void> }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.step.lost}</summary>
      {open && <Stoppable onStopped={onStopped} />}
    </details>
  );
}

function Stoppable({ onStopped }: { onStopped: () => Promise<void> }) {
  const list = useLoad(() => api.list(), []);
  return (
    <div className="factor-enrol">
      <p>{texts.step.lostText}</p>
      {list.error !== null && <ErrorNotice error={list.error} onRetry={() => void list.reload()} />}
      {list.loading && !list.data && <Spinner />}
      {list.data && <FactorTable factors={list.data.items} brief onChanged={() => list.reload().then(onStopped)} />}
    </div>
  );
}
