import { useEffect, useRef, useState, type FormEvent } from 'react';
import { session as api } from '../../api';
import type { Session } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { navigate } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { usePageTitle } from '../../lib/usePageTitle';
import { accounts } from '../../messages/accounts';
import { ja } from '../../messages/ja';
import { logIn } from './login';
import './LoginPage.css';

// Whose screen was locked: the same person goes on where he was.
export interface Locked {
  login: string;
  name: string;
  body: string;
  idle: boolean;
}

interface Props {
  locked: Locked | null;
  onAnother: () => void;
  onLogin: (session: Session) => void;
}

export function LoginPage({ locked, onAnother, onLogin }: Props) {
  usePageTitle(locked ? accounts.login.locked : ja.login.title);
  const bodies = useLoad(() => api.bodies(), []);
  const [code, setCode] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [ahead, setAhead] = useState<number | null>(null);
  const first = useRef<HTMLHeadingElement>(null);
  useEffect(() => first.current?.focus(), []);

  const items = bodies.data?.items ?? [];
  const body = locked?.body ?? (code || (items[0]?.code ?? ''));
  const chosen = items.find((item) => item.code === body);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const login = locked?.login ?? String(form.get('login') ?? '').trim();
    const password = String(form.get('password') ?? '');
    setError(null);
    setMissing(login === '' || password === '');
    if (login === '' || password === '') return;
    setBusy(true);
    try {
      const session = await logIn({ ...(body ? { body } : {}), login, password }, setAhead);
      if (location.pathname === '/login') navigate('/', true);
      onLogin(session);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    } finally {
      setAhead(null);
    }
  };

  return (
    <main className="login">
      <div className="login-card">
        <div className="login-brand">
          <img src="/favicon.svg" width="40" height="40" alt="" />
          <p>
            <strong>{ja.product}</strong>
            <span>{items.length === 1 || locked ? (chosen?.name ?? ja.productSub) : ja.productSub}</span>
          </p>
        </div>
        <h1 ref={first} tabIndex={-1}>
          {locked ? accounts.login.locked : ja.login.title}
        </h1>
        <Notice tone="info">
          {locked && <p>{locked.idle ? accounts.login.idle : null} {accounts.login.lockedText(locked.name)}</p>}
          <p className="login-banner">{chosen?.banner || ja.login.notice}</p>
        </Notice>
        {error !== null && <ErrorNotice error={error} />}
        {missing && (
          <Notice tone="error" role="alert">
            <p>{ja.login.missing}</p>
          </Notice>
        )}
        <form className="form" onSubmit={(event) => void submit(event)} noValidate>
          {items.length > 1 && !locked && (
            <SelectField label={ja.login.body} name="body" value={body} onChange={(event) => setCode(event.target.value)}>
              {items.map((item) => (
                <option key={item.code} value={item.code}>
                  {item.name}
                </option>
              ))}
            </SelectField>
          )}
          {!locked && <TextField label={ja.login.login} name="login" autoComplete="username" autoCapitalize="none" spellCheck={false} required />}
          {/* No browser keeps this one: 10(4)ウ(キ). */}
          <TextField label={ja.login.password} name="password" type="password" autoComplete="off" required />
          <Button type="submit" kind="solid" size="large" disabled={busy}>
            {busy ? ja.login.submitting : ja.login.submit}
          </Button>
          <p className="login-place" role="status">
            {ahead === null ? '' : ahead > 0 ? accounts.login.waiting(ahead) : accounts.login.next}
          </p>
          {locked && (
            <Button kind="text" onClick={onAnother}>
              {accounts.login.another}
            </Button>
          )}
        </form>
      </div>
    </main>
  );
}
