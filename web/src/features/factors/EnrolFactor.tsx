// Enrolling a factor: kind, name and password; then the first code, or a touch of the key.
import { useState, type FormEvent } from 'react';
import { factors as api } from '../../api';
import type { TotpBegun } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import './Factors.css';
import { texts } from './messages';
import { Qr } from './Qr';
import { createKey, keysWorkHere } from './webauthn';

type NewKind = 'totp' | 'webauthn';
const kinds: NewKind[] = ['totp', 'webauthn'];

// onDone: the recovery codes that came with the first factor, or none.
export function EnrolFactor({ onDone }: { onDone: (codes: string[]) => void }) {
  const [kind, setKind] = useState<NewKind>('totp');
  const [name, setName] = useState(texts.enrol.nameInitial.totp);
  const [password, setPassword] = useState('');
  const [begun, setBegun] = useState<TotpBegun | null>(null);
  const [notice, setNotice] = useState('');
  const { busy, error, run } = useAction();
  const choose = (next: NewKind) => {
    if (name === texts.enrol.nameInitial[kind]) setName(texts.enrol.nameInitial[next]);
    setKind(next);
  };
  const begin = (event: FormEvent) => {
    event.preventDefault();
    const input = { name: name.trim(), password };
    setNotice(input.name === '' || password === '' ? texts.enrol.missing : '');
    if (input.name === '' || password === '') return;
    void run(async () => {
      if (kind === 'totp') {
        setBegun(await api.beginTotp(input));
        return;
      }
      const made = await createKey(await api.beginKey(input));
      if (made) onDone((await api.confirmKey(made)).recovery_codes);
      else setNotice(texts.step.keyCancelled);
    });
  };
  if (begun) return <ConfirmTotp begun={begun} onDone={onDone} />;
  return (
    <form className="form" onSubmit={begin} noValidate>
      {error !== null && <ErrorNotice error={error} />}
      {notice && (
        <Notice tone="error" role="alert">
          <p>{notice}</p>
        </Notice>
      )}
      <fieldset className="factor-kinds">
        <legend className="field-label">{texts.enrol.kind}</legend>
        {kinds.map((item) => (
          <label key={item}>
            <input type="radio" name="kind" value={item} checked={kind === item} onChange={() => choose(item)} />
            <span>{texts.kinds[item]}</span>
            <small>{texts.enrol.kindHints[item]}</small>
          </label>
        ))}
      </fieldset>
      {kind === 'webauthn' && !keysWorkHere() && (
        <Notice tone="warning">
          <p>{texts.step.keyNotHere}</p>
        </Notice>
      )}
      <TextField
        label={texts.enrol.name}
        hint={texts.enrol.nameHint}
        value={name}
        autoComplete="off"
        required
        onChange={(e) => setName(e.target.value)}
      />
      <TextField
        label={texts.enrol.password}
        hint={texts.enrol.passwordHint}
        type="password"
        autoComplete="current-password"
        value={password}
        required
        onChange={(e) => setPassword(e.target.value)}
      />
      <div>
        <Button type="submit" kind="solid" disabled={busy || (kind === 'webauthn' && !keysWorkHere())}>
          {busy && kind === 'webauthn' ? texts.step.keyWaiting : texts.enrol.next}
        </Button>
      </div>
    </form>
  );
}

function ConfirmTotp({ begun, onDone }: { begun: TotpBegun; onDone: (codes: string[]) => void }) {
  const [code, setCode] = useState('');
  const { busy, error, run } = useAction();
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => onDone((await api.confirmTotp(begun.id, code)).recovery_codes));
  };
  return (
    <form className="form" onSubmit={confirm} noValidate>
      {error !== null && <ErrorNotice error={error} />}
      <p>{texts.enrol.scan}</p>
      <Qr text={begun.uri} label={texts.enrol.qr} />
      <dl className="facts">
        <div>
          <dt>{texts.enrol.secret}</dt>
          <dd className="factor-secret" data-testid="totp-secret">
            {begun.secret.replace(/(.{4})(?=.)/g, '$1 ')}
          </dd>
        </div>
      </dl>
      <TextField
        label={texts.step.code}
        value={code}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        required
        onChange={(e) => setCode(e.target.value)}
      />
      <div>
        <Button type="submit" kind="solid" disabled={busy}>
          {texts.enrol.confirm}
        </Button>
      </div>
    </form>
  );
}
