import { useRef, useState, type FormEvent } from 'react';
import { session as api } from '../../api';
import { Button } from '../../components/Button/Button';
import { TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { formatTime } from '../../lib/format';
import { ja } from '../../messages/ja';
import { useWords } from '../organisation/words';
import { useSession } from './session';

const kShortestPassword = 12;

export function AccountPage() {
  const { session } = useSession();
  const words = useWords();
  const { user } = session;
  const rows: [string, string][] = [
    [ja.account.name, user.name],
    [ja.account.login, user.login],
    [ja.account.department, user.department || ja.none],
    [ja.account.roles, user.roles.join('、') || ja.none],
    ...(session.segment === '' ? [] : ([[ja.account.segment, words.segment(session.segment)]] as [string, string][])),
    [ja.account.lastLogin, formatTime(session.last_login_at) || ja.account.firstLogin],
  ];
  return (
    <Page title={ja.account.title}>
      {session.password_must_change && (
        <Notice tone="warning" role="alert">
          <p>{ja.account.mustChange}</p>
        </Notice>
      )}
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <PasswordForm />
    </Page>
  );
}

function PasswordForm() {
  const { refresh } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const [error, setError] = useState<unknown>(null);
  const [wrong, setWrong] = useState<{ next?: string; again?: string }>({});
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const next = String(values.get('next') ?? '');
    setDone(false);
    setError(null);
    const found =
      next.length < kShortestPassword ? { next: ja.account.tooShort } : next !== values.get('again') ? { again: ja.account.different } : {};
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await api.changePassword(String(values.get('current') ?? ''), next);
      form.current?.reset();
      setDone(true);
      await refresh();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <section className="section form-narrow" aria-labelledby="password-title">
      <h2 id="password-title">{ja.account.password}</h2>
      {error !== null && <ErrorNotice error={error} />}
      {done && (
        <Notice tone="success" role="status">
          <p>{ja.account.changed}</p>
        </Notice>
      )}
      <form className="form" ref={form} onSubmit={(event) => void submit(event)} noValidate>
        <TextField label={ja.account.current} name="current" type="password" autoComplete="current-password" required />
        <TextField
          label={ja.account.next}
          hint={ja.account.nextHint}
          error={wrong.next}
          name="next"
          type="password"
          autoComplete="new-password"
          required
        />
        <TextField label={ja.account.again} error={wrong.again} name="again" type="password" autoComplete="new-password" required />
        <div>
          <Button type="submit" kind="solid" disabled={busy}>
            {ja.account.change}
          </Button>
        </div>
      </form>
    </section>
  );
}
