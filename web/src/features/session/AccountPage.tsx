import { Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { formatTime } from '../../lib/format';
import { accounts } from '../../messages/accounts';
import { ja } from '../../messages/ja';
import { FactorsSection } from '../factors/FactorsSection';
import { OwnMail } from '../mail/OwnMail';
import { useWords } from '../organisation/words';
import { OwnUsage } from '../usage/OwnUsage';
import { PasswordForm } from './PasswordForm';
import { useSession } from './session';
import { SessionsSection } from './SessionsSection';

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
    [accounts.account.lastLogout, formatTime(session.last_logout_at) || accounts.account.none],
    [
      accounts.account.failures,
      session.failures.length === 0
        ? accounts.account.none
        : `${accounts.account.times(session.failures.length)}：${session.failures.map((f) => `${formatTime(f.at)} ${f.source}`).join('、')}`,
    ],
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
      {user.powers.includes('chat.use') && !session.password_must_change && <OwnUsage />}
      <FactorsSection />
      <PasswordForm />
      {!session.password_must_change && <OwnMail />}
      {!session.password_must_change && <SessionsSection />}
    </Page>
  );
}
