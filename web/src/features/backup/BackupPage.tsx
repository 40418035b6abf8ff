// Whether backups are made as decided, and whether restoring them was tried.
import { backups as api } from '../../api';
import type { Backups } from '../../api/types';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatBytes, formatNumber, formatTime } from '../../lib/format';
import { useLoad } from '../../lib/useLoad';
import { backupTexts as t } from './messages';

export default function BackupPage() {
  const { data, error, loading, reload } = useLoad(() => api.read(), []);
  return (
    <Page title={t.title} lead={t.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <StandNotice backups={data} />
          {data.made && (
            <section className="section" aria-labelledby="backup-plan">
              <h2 id="backup-plan">{t.lastSet}</h2>
              <p>{data.last_set ? formatTime(data.last_set) : t.noSets}</p>
              <p className="meta">
                {t.plan(t.minutes(data.interval_minutes), data.tick_seconds > 0 ? t.tickOn(t.seconds(data.tick_seconds)) : t.tickOff)}
                {t.keeping(data.keep_days, data.keep_tick_days)}
              </p>
            </section>
          )}
          <SetsSection backups={data} />
          <TestsSection backups={data} />
        </>
      )}
    </Page>
  );
}

function StandNotice({ backups }: { backups: Backups }) {
  if (!backups.made) return <Notice tone="error">{t.off}</Notice>;
  if (backups.alarm)
    return <Notice tone="error">{t.alarm(formatTime(backups.alarm.begun_at), t.reasons[backups.alarm.reason] ?? t.otherReason(backups.alarm.reason))}</Notice>;
  if (backups.late) return <Notice tone="error">{t.late}</Notice>;
  return <Notice tone="success">{t.good}</Notice>;
}

function SetsSection({ backups }: { backups: Backups }) {
  return (
    <section className="section" aria-labelledby="backup-sets">
      <h2 id="backup-sets">{t.sets}</h2>
      {backups.sets.length === 0 ? (
        <p className="empty">{t.noSets}</p>
      ) : (
        <Table caption={t.sets} columns={Object.values(t.setColumns)}>
          {backups.sets.map((set) => (
            <tr key={set.file}>
              <th scope="row">
                {formatTime(set.at)}
                <div className="meta">{set.place}</div>
              </th>
              <td>{formatBytes(set.database_bytes + set.original_bytes)}</td>
              <td>{formatBytes(set.new_bytes)}</td>
              <td>{t.took(set.took_ms)}</td>
              <td>{set.gone_at ? t.gone(formatTime(set.gone_at)) : t.there}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function TestsSection({ backups }: { backups: Backups }) {
  return (
    <section className="section" aria-labelledby="backup-tests">
      <h2 id="backup-tests">{t.tests}</h2>
      {backups.tests.length === 0 ? (
        <p className="empty">{t.noTests}</p>
      ) : (
        <Table caption={t.tests} columns={Object.values(t.testColumns)}>
          {backups.tests.map((test) => (
            <tr key={test.at}>
              <th scope="row">{formatTime(test.at)}</th>
              <td>{formatTime(test.report.at)}</td>
              <td>
                {test.good ? t.passed : t.failed}
                {test.report.faults.map((fault) => (
                  <div className="meta" key={fault}>
                    {fault}
                  </div>
                ))}
              </td>
              <td>{t.took(test.restore_ms)}</td>
              <td>{t.compared(test.report.tables, formatNumber(test.report.rows), formatNumber(test.report.originals), formatNumber(test.report.leaves))}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
