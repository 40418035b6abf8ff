// Another person's factors: what is enrolled, stopping a lost one, and starting again after the identity was checked.
import { useState, type FormEvent } from 'react';
import { users as api } from '../../api';
import type { User } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { Dialog } from '../../components/Dialog/Dialog';
import { TextArea } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import './Factors.css';
import { FactorStateTag } from './FactorTable';
import { texts } from './messages';

export function UserFactorsDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const list = useLoad(() => api.factors(user.id), [user.id]);
  const [identity, setIdentity] = useState('');
  const [missing, setMissing] = useState(false);
  const [done, setDone] = useState('');
  const { busy, error, run } = useAction();
  const stop = (factor: string) =>
    void run(async () => {
      await api.stopFactor(user.id, factor);
      await list.reload();
      setDone(texts.user.stopped);
    });
  const reset = (event: FormEvent) => {
    event.preventDefault();
    setMissing(identity.trim() === '');
    if (identity.trim() === '') return;
    void run(async () => {
      await api.resetFactors(user.id, identity.trim());
      await list.reload();
      setIdentity('');
      setDone(texts.user.resetDone);
    });
  };
  const { name, kind, state, used, actions } = texts.columns;
  return (
    <Dialog title={texts.user.openOf(user.name)} onClose={onClose}>
      <div className="form">
        {error !== null && <ErrorNotice error={error} />}
        {list.error !== null && <ErrorNotice error={list.error} onRetry={() => void list.reload()} />}
        {done && (
          <Notice tone="success" role="status">
            <p>{done}</p>
          </Notice>
        )}
        {list.loading && !list.data && <Spinner />}
        {list.data?.must_enrol && <p>{texts.user.mustEnrol}</p>}
        {list.data?.items.length === 0 && <p className="empty">{texts.empty}</p>}
        {list.data && list.data.items.length > 0 && (
          <>
            <Table caption={texts.title} columns={[name, kind, state, used, actions]}>
              {list.data.items.map((factor) => (
                <tr key={factor.id}>
                  <th scope="row">{factor.name}</th>
                  <td data-label={kind}>{texts.kinds[factor.kind]}</td>
                  <td data-label={state}>
                    <FactorStateTag factor={factor} />
                  </td>
                  <td data-label={used}>{formatTime(factor.last_used_at) || texts.never}</td>
                  <td>
                    {factor.state === 'active' && (
                      <Button size="small" aria-label={texts.stopOf(factor.name)} disabled={busy} onClick={() => stop(factor.id)}>
                        {texts.stop}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
            <p>{texts.recoveryLeft(list.data.recovery_codes_left)}</p>
          </>
        )}
        <form className="form" onSubmit={reset} noValidate>
          <p>{texts.user.resetText(user.name)}</p>
          <TextArea
            label={texts.user.identity}
            hint={texts.user.identityHint}
            error={missing ? texts.user.identityMissing : undefined}
            value={identity}
            required
            onChange={(event) => setIdentity(event.target.value)}
          />
          <div className="dialog-buttons">
            <Button type="submit" kind="danger" disabled={busy}>
              {texts.user.reset}
            </Button>
          </div>
        </form>
      </div>
    </Dialog>
  );
}
