// The reviews of all periods, newest first.
import { reviews as api } from '../../api';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatNumber, formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { reviewTexts as t } from './messages';

export default function ReviewsPage() {
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  return (
    <Page title={t.title} lead={t.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data && data.items.length === 0 && <p className="empty">{t.none}</p>}
      {data && data.items.length > 0 && (
        <Table caption={t.list} columns={Object.values(t.columns)}>
          {data.items.map((review) => (
            <tr key={review.period}>
              <th scope="row">
                <Link href={`/admin/reviews/${review.period}`}>{t.period(review.period, review.months)}</Link>
              </th>
              <td>{t.count(formatNumber(review.questions))}</td>
              <td>{t.count(formatNumber(review.findings))}</td>
              <td>{formatTime(review.due_at)}</td>
              <td>
                {t.states[review.state] ?? review.state}
                {review.concluded_at && <div className="meta">{t.concludedBy(review.concluded_by ?? '', formatTime(review.concluded_at))}</div>}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Page>
  );
}
