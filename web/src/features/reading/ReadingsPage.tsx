// What I am asked to read of the body's policy (要確認).
import { reading as api } from '../../api/reading';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { wareki } from '../../lib/wareki';
import { readingTexts as t } from './messages';

export default function ReadingsPage() {
  const { data, error, loading, reload } = useLoad(() => api.own(), []);
  return (
    <Page title={t.title} lead={t.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data?.closed && (
        <Notice tone="warning">
          <p>{t.closed}</p>
        </Notice>
      )}
      {data?.may_see_people && (
        <p>
          <Link href="/readings/people">{t.peopleLink}</Link>
        </p>
      )}
      {data?.items.length === 0 && <p className="empty">{t.empty}</p>}
      {data && data.items.length > 0 && (
        <Table caption={t.title} columns={t.columns}>
          {data.items.map((item) => (
            <tr key={item.document}>
              <th scope="row">
                <Link href={`/readings/${item.document}`}>{item.title}</Link>
              </th>
              <td data-label={t.columns[1]}>{t.versionName(item.number, wareki(item.effective_on))}</td>
              <td data-label={t.columns[2]}>{t.clauses(item.clauses)}</td>
              <td data-label={t.columns[3]}>
                {t.state[item.state]}
                {item.state === 'acknowledged' && `（${formatTime(item.acknowledged_at)}）`}
                {item.consent_asked && item.consented_at === null && `、${t.consentWaits}`}
              </td>
              <td data-label={t.columns[4]}>{formatTime(item.closes_at)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Page>
  );
}
