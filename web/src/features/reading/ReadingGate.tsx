// In place of the box for questions, where the server would refuse them: the policies that are still to be read. The server decides; until it has
// answered, or when it cannot, the box stands as ever.
import type { ReactNode } from 'react';
import { reading as api } from '../../api/reading';
import { ButtonLink } from '../../components/Button/Button';
import { Notice } from '../../components/Notice/Notice';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { readingTexts as t } from './messages';

export function ReadingGate({ children }: { children: ReactNode }) {
  const { data } = useLoad(async () => {
    const { closed } = await api.state();
    return closed ? (await api.own()).items.filter((item) => item.state !== 'acknowledged') : [];
  }, []);
  if (!data || data.length === 0) return <>{children}</>;
  return (
    <Notice tone="warning" role="status">
      <h2>{t.closedTitle}</h2>
      <p>{t.closed}</p>
      <ul>
        {data.map((item) => (
          <li key={item.document}>
            <Link href={`/readings/${item.document}`}>{t.readOf(item.title)}</Link>
          </li>
        ))}
      </ul>
      <div>
        <ButtonLink href="/readings" kind="solid">
          {t.read}
        </ButtonLink>
      </div>
    </Notice>
  );
}
