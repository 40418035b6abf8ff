import { useEffect, useRef, useState, type FormEvent } from 'react';
import { session as api } from '../../api';
import type { Session } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useLoad } from '../../lib/useLoad';
import { usePageTitle } from '../../lib/usePageTitle';
import { navigate } from '../../lib/router';
import { ja } from '../../messages/ja';
import './LoginPage.css';

export function LoginPage({ onLogin }: { onLogin: (session: Session) => void }) {
  usePageTitle(ja.login.title);
  const bodies = useLoad(() => api.bodies(), []);
  const [error, setError] = useState<unknown>(null);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLHeadingElement>(null);
  useEffect(() => first.current?.focus(), []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const login = String(form.get('login') ?? '').trim();
    const password = String(form.get('password') ?? '');
    setError(null);
    setMissing(login === '' || password === '');
    if (login === '' || password === '') return;
    setBusy(true);
    try {
      const body = String(form.get('body') ?? bodies.data?.items[0]?.code ?? '');
      const session = await api.login({ ...(body ? { body } : {}), login, password });
      if (location.pathname === '/login') navigate('/', true);
      onLogin(session);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  const items = bodies.data?.items ?? [];
  return (
    <main className="login">
      <div className="login-card">
        <div className="login-brand">
          <img src="/favicon.svg" width="40" height="40" alt="" />
          <p>
            <strong>{ja.product}</strong>
            <span>{items.length === 1 ? items[0]?.name : ja.productSub}</span>
          </p>
        </div>
        <h1 ref={first} tabIndex={-1}>
          {ja.login.title}
        </h1>
        <Notice tone="info">
          <p>{ja.login.notice}</p>
        </Notice>
        {error !== null && <ErrorNotice error={error} />}
        {missing && (
          <Notice tone="error" role="alert">
            <p>{ja.login.missing}</p>
          </Notice>
        )}
        <form className="form" onSubmit={(event) => void submit(event)} noValidate>
          {items.length > 1 && (
            <SelectField label={ja.login.body} name="body">
              {items.map((body) => (
                <option key={body.code} value={body.code}>
                  {body.name}
                </option>
              ))}
            </SelectField>
          )}
          <TextField label={ja.login.login} name="login" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
          <TextField label={ja.login.password} name="password" type="password" autoComplete="current-password" required />
          <Button type="submit" kind="solid" size="large" disabled={busy}>
            {busy ? ja.login.submitting : ja.login.submit}
          </Button>
        </form>
      </div>
    </main>
  );
}
