// What the program found wrong about itself, and what people found when they looked.
import { useState } from 'react';
import { alarms as api } from '../../api';
import type { Alarm } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextArea } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatNumber, formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { useSession } from '../session/session';
import { alarmTexts as t } from './messages';

const kindOf = (alarm: Alarm) => t.kinds[alarm.kind] ?? alarm.kind;

export default function AlarmsPage() {
  const { session } = useSession();
  const confirms = session.user.powers.includes('alarms.confirm');
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  const [confirming, setConfirming] = useState<Alarm | null>(null);
  const columns = confirms ? Object.values(t.columns) : Object.values(t.columns).slice(0, -1);
  return (
    <Page title={t.title} lead={t.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <section className="section" aria-labelledby="alarms-standing">
            <h2 id="alarms-standing">{t.standing}</h2>
            {data.items.length === 0 ? (
              <p className="empty">{t.none}</p>
            ) : (
              <Table caption={t.standing} columns={columns}>
                {data.items.map((alarm) => (
                  <tr key={alarm.id}>
                    <What alarm={alarm} />
                    <td>{alarm.detail}</td>
                    <td>
                      {formatTime(alarm.opened_at)}
                      {alarm.times > 1 && <div className="meta">{t.times(formatNumber(alarm.times))}</div>}
                    </td>
                    <td>{alarm.recorded_at ? t.recorded(formatTime(alarm.recorded_at)) : t.waiting}</td>
                    {confirms && (
                      <td>
                        {alarm.recorded_at && (
                          <Button size="small" aria-label={t.confirmOf(kindOf(alarm))} onClick={() => setConfirming(alarm)}>
                            {t.confirm}
                          </Button>
                        )}
                      </td>
                    )}
                  </tr>
                ))}
              </Table>
            )}
          </section>
          {data.confirmed.length > 0 && (
            <section className="section" aria-labelledby="alarms-confirmed">
              <h2 id="alarms-confirmed">{t.confirmedTitle}</h2>
              <Table caption={t.confirmedTitle} columns={Object.values(t.confirmedColumns)}>
                {data.confirmed.map((alarm) => (
                  <tr key={alarm.id}>
                    <th scope="row">{kindOf(alarm)}</th>
                    <td>{alarm.detail}</td>
                    <td>{formatTime(alarm.opened_at)}</td>
                    <td>{`${alarm.confirmed_by ?? ''} ${alarm.confirmed_at ? formatTime(alarm.confirmed_at) : ''}`}</td>
                    <td>{alarm.finding}</td>
                  </tr>
                ))}
              </Table>
            </section>
          )}
        </>
      )}
      {confirming && (
        <ConfirmDialog
          alarm={confirming}
          onClose={(done) => {
            setConfirming(null);
            if (done) void reload();
          }}
        />
      )}
    </Page>
  );
}

function What({ alarm }: { alarm: Alarm }) {
  return (
    <th scope="row">
      {kindOf(alarm)}
      <div className="meta">{t.advice[alarm.kind]}</div>
      {alarm.clause && <div className="meta">{t.clause(alarm.clause)}</div>}
    </th>
  );
}

function ConfirmDialog({ alarm, onClose }: { alarm: Alarm; onClose: (done: boolean) => void }) {
  const [finding, setFinding] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const missing = finding.trim() === '';
  const send = () => {
    setTried(true);
    if (missing) return;
    void run(async () => {
      await api.confirm(alarm.id, finding.trim());
      onClose(true);
    });
  };
  return (
    <FormDialog title={t.confirmTitle} submit={t.confirm} busy={busy} onSubmit={send} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{kindOf(alarm)}</p>
      {alarm.detail && <p className="meta">{alarm.detail}</p>}
      <TextArea
        label={t.finding}
        required
        rows={4}
        value={finding}
        error={tried && missing ? t.findingMissing : undefined}
        onChange={(event) => setFinding(event.target.value)}
      />
    </FormDialog>
  );
}
