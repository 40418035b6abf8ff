// A person's own factors, each of which she can stop or remove with her password.
import { useState } from 'react';
import { factors as api } from '../../api';
import type { Factor } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { ja } from '../../messages/ja';
import { texts } from './messages';

type Doing = { what: 'stop' | 'remove'; factor: Factor };

// brief: before the second factor; only stopping is possible.
export function FactorTable({ factors, brief = false, onChanged }: { factors: Factor[]; brief?: boolean; onChanged: () => Promise<void> }) {
  const [doing, setDoing] = useState<Doing | null>(null);
  const { columns } = texts;
  const shown = brief ? [columns.name, columns.state, columns.actions] : Object.values(columns);
  if (factors.length === 0) return <p className="empty">{texts.empty}</p>;
  return (
    <>
      <Table caption={texts.title} columns={shown}>
        {factors.map((factor) => (
          <tr key={factor.id}>
            <th scope="row">{factor.name}</th>
            {!brief && <td data-label={columns.kind}>{texts.kinds[factor.kind]}</td>}
            <td data-label={columns.state}>
              <FactorStateTag factor={factor} />
            </td>
            {!brief && <td data-label={columns.created}>{formatTime(factor.created_at)}</td>}
            {!brief && <td data-label={columns.used}>{formatTime(factor.last_used_at) || texts.never}</td>}
            <td>
              <div className="table-actions">
                {factor.state === 'active' && (
                  <Button size="small" aria-label={texts.stopOf(factor.name)} onClick={() => setDoing({ what: 'stop', factor })}>
                    {texts.stop}
                  </Button>
                )}
                {!brief && (
                  <Button size="small" aria-label={texts.removeOf(factor.name)} onClick={() => setDoing({ what: 'remove', factor })}>
                    {ja.remove}
                  </Button>
                )}
              </div>
            </td>
          </tr>
        ))}
      </Table>
      {doing && <WithPassword doing={doing} onClose={() => setDoing(null)} onDone={() => onChanged().then(() => setDoing(null))} />}
    </>
  );
}

export function FactorStateTag({ factor }: { factor: Factor }) {
  return <span className={`state-tag state-${factor.state === 'active' ? 'good' : 'off'}`}>{texts.states[factor.state]}</span>;
}

function WithPassword({ doing: { what, factor }, onClose, onDone }: { doing: Doing; onClose: () => void; onDone: () => Promise<void> }) {
  const [password, setPassword] = useState('');
  const { busy, error, run } = useAction();
  const stopping = what === 'stop';
  const act = () =>
    void run(async () => {
      await (stopping ? api.stop(factor.id, password) : api.remove(factor.id, password));
      await onDone();
    });
  return (
    <FormDialog
      title={stopping ? texts.stopOf(factor.name) : texts.removeOf(factor.name)}
      submit={stopping ? texts.stop : ja.remove}
      danger
      busy={busy}
      onSubmit={act}
      onClose={onClose}
    >
      {error !== null && <ErrorNotice error={error} />}
      <p>{stopping ? texts.stopText(factor.name) : texts.removeText(factor.name)}</p>
      <TextField
        label={texts.enrol.password}
        hint={texts.enrol.passwordHint}
        type="password"
        autoComplete="current-password"
        value={password}
        required
        onChange={(event) => setPassword(event.target.value)}
      />
    </FormDialog>
  );
}
