// The account page's section: enrol, list, stop, remove, recovery codes.
import { useState } from 'react';
import { factors as api } from '../../api';
import { Button } from '../../components/Button/Button';
import { Dialog, FormDialog } from '../../components/Dialog/Dialog';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Spinner } from '../../components/Spinner/Spinner';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { useSession } from '../session/session';
import { EnrolFactor } from './EnrolFactor';
import './Factors.css';
import { FactorTable } from './FactorTable';
import { texts } from './messages';
import { RecoveryCodes } from './RecoveryCodes';

type Open = { kind: 'enrol' } | { kind: 'renew' } | { kind: 'codes'; codes: string[] };

export function FactorsSection() {
  const { session, refresh } = useSession();
  const list = useLoad(() => api.list(), []);
  const [open, setOpen] = useState<Open | null>(null);
  const changed = async () => {
    await list.reload();
    await refresh();
  };
  const showCodes = (codes: string[]) => {
    setOpen(codes.length > 0 ? { kind: 'codes', codes } : null);
    void changed();
  };
  return (
    <section className="section" aria-labelledby="second-factor" id="second-factor-section">
      <h2 id="second-factor">{texts.title}</h2>
      <p>{texts.lead}</p>
      {list.error !== null && <ErrorNotice error={list.error} onRetry={() => void list.reload()} />}
      {list.loading && !list.data && <Spinner />}
      {list.data && (
        <>
          <FactorTable factors={list.data.items} onChanged={changed} />
          {list.data.items.length > 0 && <p>{texts.recoveryLeft(list.data.recovery_codes_left)}</p>}
        </>
      )}
      <div className="factor-other">
        <Button kind="solid" icon="add" onClick={() => setOpen({ kind: 'enrol' })}>
          {texts.enrol.open}
        </Button>
        {session.second_factor === 'given' && <Button onClick={() => setOpen({ kind: 'renew' })}>{texts.codes.renew}</Button>}
      </div>
      {open?.kind === 'enrol' && (
        <Dialog title={texts.enrol.title} onClose={() => setOpen(null)}>
          <EnrolFactor onDone={showCodes} />
        </Dialog>
      )}
      {open?.kind === 'renew' && <RenewCodes onClose={() => setOpen(null)} onMade={showCodes} />}
      {open?.kind === 'codes' && (
        <Dialog title={texts.codes.title} onClose={() => setOpen(null)}>
          <RecoveryCodes codes={open.codes} onKept={() => setOpen(null)} />
        </Dialog>
      )}
    </section>
  );
}

function RenewCodes({ onClose, onMade }: { onClose: () => void; onMade: (codes: string[]) => void }) {
  const [password, setPassword] = useState('');
  const { busy, error, run } = useAction();
  return (
    <FormDialog
      title={texts.codes.renew}
      submit={texts.codes.renew}
      busy={busy}
      onSubmit={() => void run(async () => onMade((await api.recoveryCodes(password)).codes))}
      onClose={onClose}
    >
      {error !== null && <ErrorNotice error={error} />}
      <p>{texts.codes.renewText}</p>
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
