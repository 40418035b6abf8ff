// Shown once after login: when one was here last, and who tried since (11(2)ウ). Closed by the person's "I have looked".
import { Button } from '../../components/Button/Button';
import { Notice } from '../../components/Notice/Notice';
import { formatTime } from '../../lib/format';
import { accounts } from '../../messages/accounts';
import { useSession } from './session';

const kMostShown = 20;

export function LoginReport() {
  const { session, fresh, confirm } = useSession();
  if (!fresh || session.password_must_change) return null;
  const { failures, last_login_at, last_logout_at } = session;
  const text = accounts.report;
  return (
    <section className="login-report" aria-label={text.title}>
      <Notice tone={failures.length > 0 ? 'warning' : 'info'} role="status">
        <p>{last_login_at ? text.last(formatTime(last_login_at)) : text.first}</p>
        {last_login_at && <p>{last_logout_at && last_logout_at > last_login_at ? text.logout(formatTime(last_logout_at)) : text.noLogout}</p>}
        <p>{failures.length > 0 ? text.failures(failures.length, failures.length >= kMostShown) : text.noFailures}</p>
        {failures.length > 0 && (
          <details>
            <summary>{text.details}</summary>
            <ul>
              {failures.map((failure) => (
                <li key={failure.at}>{text.failure(formatTime(failure.at), failure.source)}</li>
              ))}
            </ul>
          </details>
        )}
        <Button size="small" onClick={confirm}>
          {text.close}
        </Button>
      </Notice>
    </section>
  );
}
