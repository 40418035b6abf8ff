// Changing one's password. Whether the new one will do is the server's word, asked for while one types.
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { session as api } from '../../api';
import { isAbort } from '../../api/client';
import type { PasswordCheck } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { accounts } from '../../messages/accounts';
import { ja } from '../../messages/ja';
import { useSession } from './session';

const kPause = 500;

function usePasswordCheck(next: string): PasswordCheck | null {
  const [check, setCheck] = useState<PasswordCheck | null>(null);
  useEffect(() => {
    setCheck(null);
    const asked = new AbortController();
    const timer = setTimeout(
      () => {
        api.checkPassword(next, asked.signal).then(setCheck, (problem: unknown) => {
          if (!isAbort(problem)) setCheck(null); // the change itself will tell
        });
      },
      next === '' ? 0 : kPause,
    );
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [next]);
  return check;
}

function verdict(check: PasswordCheck): string {
  const text = accounts.password;
  if (check.ok) return text.good;
  if (check.key === 'accounts.password_short') return text.short(check.least);
  if (check.key !== 'accounts.password_guessable') return text.other;
  const kinds = check.found.map((kind) => text.kinds[kind] ?? kind).join('、');
  return text.guessable + (kinds === '' ? '' : text.found(kinds));
}

export function PasswordForm() {
  const { session, refresh } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const [next, setNext] = useState('');
  const [least, setLeast] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [different, setDifferent] = useState(false);
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const check = usePasswordCheck(next);
  useEffect(() => {
    if (check) setLeast(check.least);
  }, [check]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    setDone(false);
    setError(null);
    setDifferent(next !== values.get('again'));
    if (next !== values.get('again')) return;
    setBusy(true);
    try {
      await api.changePassword(String(values.get('current') ?? ''), next);
      form.current?.reset();
      setNext('');
      setDone(true);
      await refresh();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  const text = accounts.password;
  return (
    <section className="section form-narrow" aria-labelledby="password-title">
      <h2 id="password-title">{ja.account.password}</h2>
      {session.password_must_change && <p>{text.provisional}</p>}
      {error !== null && <ErrorNotice error={error} />}
      {done && (
        <Notice tone="success" role="status">
          <p>{ja.account.changed}</p>
        </Notice>
      )}
      <form className="form" ref={form} onSubmit={(event) => void submit(event)} noValidate>
        <TextField label={ja.account.current} name="current" type="password" autoComplete="off" required />
        <TextField
          label={ja.account.next}
          hint={least === null ? undefined : text.hint(least)}
          error={check && next !== '' && !check.ok ? `${verdict(check)}${text.clause}` : undefined}
          name="next"
          type="password"
          autoComplete="new-password"
          required
          onChange={(event) => setNext(event.target.value)}
        />
        <p className="field-hint" role="status">
          {next === '' ? '' : check === null ? text.checking : `${text.characters(check.characters, check.least)}${check.ok ? `　${text.good}` : ''}`}
        </p>
        <TextField
          label={ja.account.again}
          error={different ? ja.account.different : undefined}
          name="again"
          type="password"
          autoComplete="new-password"
          required
        />
        <div>
          <Button type="submit" kind="solid" disabled={busy}>
            {ja.account.change}
          </Button>
        </div>
      </form>
    </section>
  );
}
