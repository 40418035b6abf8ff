// On every page of those concerned, once per visit: that notices wait for somebody to look. Asking is a recorded act, so it is not repeated.
import { useEffect, useState } from 'react';
import { alarms as api } from '../../api';
import { ButtonLink } from '../../components/Button/Button';
import { Notice } from '../../components/Notice/Notice';
import { useSession } from '../session/session';
import { alarmTexts as t } from './messages';

export function AlarmBanner({ path }: { path: string }) {
  const { session } = useSession();
  const concerned = session.user.powers.includes('alarms.read') && !session.password_must_change;
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (!concerned) return;
    let current = true;
    // What goes wrong here is told by the page that the person asked for.
    void api
      .list()
      .then((list) => current && setCount(list.items.length))
      .catch(() => {});
    return () => {
      current = false;
    };
  }, [concerned]);
  if (count === 0 || path === '/admin/alarms') return null;
  return (
    <section className="login-report" aria-label={t.title}>
      <Notice tone="warning" role="status">
        <p>{t.banner(count)}</p>
        <div>
          <ButtonLink size="small" href="/admin/alarms">
            {t.open}
          </ButtonLink>
        </div>
      </Notice>
    </section>
  );
}
