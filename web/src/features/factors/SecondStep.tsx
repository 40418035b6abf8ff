// After the password: the second factor, or its enrolment where one is needed and none is there yet.
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { factors as api } from '../../api';
import type { FactorKind, Session } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { usePageTitle } from '../../lib/usePageTitle';
import { ja } from '../../messages/ja';
import '../session/LoginPage.css';
import { EnrolFactor } from './EnrolFactor';
import './Factors.css';
import { LostFactor } from './LostFactor';
import { texts } from './messages';
import { RecoveryCodes } from './RecoveryCodes';
import { keysWorkHere, signWithKey } from './webauthn';

interface Props {
  session: Session;
  onGiven: () => Promise<void>;
  onLogout: () => Promise<void>;
}

export function SecondStep({ session, onGiven, onLogout }: Props) {
  const enrolling = !session.second_factor_enrolled;
  const title = enrolling ? texts.enrol.title : texts.step.title;
  usePageTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const [codes, setCodes] = useState<string[]>([]);
  return (
    <main className="login">
      <div className="login-card">
        <div className="login-brand">
          <img src="/favicon.svg" width="40" height="40" alt="" />
          <p>
            <strong>{ja.product}</strong>
            <span>{session.body.name}</span>
          </p>
        </div>
        <h1 ref={heading} tabIndex={-1}>
          {codes.length > 0 ? texts.codes.title : title}
        </h1>
        {codes.length > 0 ? (
          <RecoveryCodes codes={codes} onKept={() => void onGiven()} />
        ) : enrolling ? (
          <>
            <Notice tone="info">
              <p>{texts.enrol.needed}</p>
            </Notice>
            <EnrolFactor onDone={(made) => (made.length > 0 ? setCodes(made) : void onGiven())} />
          </>
        ) : (
          <GiveFactor session={session} onGiven={onGiven} />
        )}
        {codes.length === 0 && (
          <div>
            <Button kind="text" onClick={() => void onLogout()}>
              {texts.step.logout}
            </Button>
          </div>
        )}
      </div>
    </main>
  );
}

function GiveFactor({ session, onGiven }: { session: Session; onGiven: () => Promise<void> }) {
  const usable = session.second_factor_kinds.filter((kind) => kind !== 'webauthn' || keysWorkHere());
  const [chosen, setChosen] = useState<FactorKind | null>(null);
  const kind = chosen && usable.includes(chosen) ? chosen : (usable[0] ?? null);
  return (
    <>
      <p>{texts.step.lead(session.user.name)}</p>
      {kind === null && (
        <Notice tone="warning" role="alert">
          <p>{session.second_factor_kinds.includes('webauthn') ? texts.step.keyNotHere : texts.step.none}</p>
        </Notice>
      )}
      {kind === 'webauthn' && <KeyForm onGiven={onGiven} />}
      {(kind === 'totp' || kind === 'recovery') && <CodeForm key={kind} kind={kind} onGiven={onGiven} />}
      {usable.length > 1 && (
        <div className="factor-other" role="group" aria-label={texts.step.other}>
          {usable
            .filter((other) => other !== kind)
            .map((other) => (
              <Button key={other} onClick={() => setChosen(other)}>
                {texts.step.use[other]}
              </Button>
            ))}
        </div>
      )}
      <LostFactor onStopped={onGiven} />
    </>
  );
}

function CodeForm({ kind, onGiven }: { kind: 'totp' | 'recovery'; onGiven: () => Promise<void> }) {
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(code.trim() === '');
    if (code.trim() === '') return;
    void run(async () => {
      await api.prove({ kind, code });
      await onGiven();
    });
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      {error !== null && <ErrorNotice error={error} />}
      <TextField
        label={kind === 'totp' ? texts.step.code : texts.step.recovery}
        hint={kind === 'totp' ? texts.step.codeHint : texts.step.recoveryHint}
        error={missing ? texts.step.missing : undefined}
        name="code"
        value={code}
        inputMode={kind === 'totp' ? 'numeric' : 'text'}
        autoComplete={kind === 'totp' ? 'one-time-code' : 'off'}
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="submit" kind="solid" size="large" disabled={busy}>
        {texts.step.submit}
      </Button>
    </form>
  );
}

function KeyForm({ onGiven }: { onGiven: () => Promise<void> }) {
  const [cancelled, setCancelled] = useState(false);
  const { busy, error, run } = useAction();
  const sign = () => {
    setCancelled(false);
    void run(async () => {
      const proof = await signWithKey(await api.challenge());
      setCancelled(proof === null);
      if (!proof) return;
      await api.prove(proof);
      await onGiven();
    });
  };
  return (
    <div className="form">
      {error !== null && <ErrorNotice error={error} />}
      {cancelled && (
        <Notice tone="error" role="alert">
          <p>{texts.step.keyCancelled}</p>
        </Notice>
      )}
      <p>{texts.step.keyHint}</p>
      <Button kind="solid" size="large" disabled={busy} autoFocus onClick={sign}>
        {busy ? texts.step.keyWaiting : texts.step.key}
      </Button>
    </div>
  );
}
