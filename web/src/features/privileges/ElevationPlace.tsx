// Round the content of every page: the bar while privileged rights are open, and the dialog that opens them.
import { Fragment, useCallback, useEffect, useState, type ReactNode } from 'react';
import { privileges as api } from '../../api';
import { Button } from '../../components/Button/Button';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { onElevationAsked } from '../../lib/elevation';
import { useAction } from '../../lib/useAction';
import { useSession } from '../session/session';
import { ElevationDialog } from './ElevationDialog';
import { texts } from './messages';
import './Privileges.css';
import { timeLeft } from './time';

export function ElevationPlace({ path, children }: { path: string; children: ReactNode }) {
  const { session, refresh } = useSession();
  const { elevation } = session;
  const [asking, setAsking] = useState(false);
  const [begun, setBegun] = useState(0);
  const [over, setOver] = useState(false);
  useEffect(() => {
    onElevationAsked(() => setAsking(true));
    return () => onElevationAsked(() => undefined);
  }, []);
  const onOver = useCallback(() => {
    setOver(true);
    void refresh();
  }, [refresh]);
  const onBegun = async () => {
    setOver(false);
    await refresh();
    setAsking(false);
    // What was refused is asked again; only pages of the administration depend on privileged rights.
    if (path.startsWith('/admin/')) setBegun((n) => n + 1);
  };
  return (
    <>
      {elevation.id !== null && <ElevationBar key={elevation.id} onOver={onOver} />}
      {over && elevation.id === null && (
        <div className="elevation-over">
          <Notice tone="info" role="status">
            <p>{texts.over}</p>
            <div>
              <Button size="small" onClick={() => setOver(false)}>
                {texts.close}
              </Button>
            </div>
          </Notice>
        </div>
      )}
      <Fragment key={begun}>{children}</Fragment>
      {asking && <ElevationDialog onBegun={onBegun} onClose={() => setAsking(false)} />}
    </>
  );
}

// The server's clock counts: what it said was left is counted down from when it said so.
function ElevationBar({ onOver }: { onOver: () => void }) {
  const { session, refresh } = useSession();
  const { elevation } = session;
  const [until] = useState(() => Date.now() + elevation.seconds_left * 1000);
  const [now, setNow] = useState(() => Date.now());
  const { busy, error, run } = useAction();
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, []);
  const done = now >= until;
  useEffect(() => {
    if (done) onOver();
  }, [done, onOver]);
  const end = () =>
    void run(async () => {
      await api.end();
      await refresh();
    });
  return (
    <section className="elevation-bar" aria-label={texts.banner}>
      <p>
        <strong>{texts.banner}</strong>
        <span className="elevation-left">{texts.left(timeLeft(until, now))}</span>
        {elevation.deputy_for.length > 0 && <span>{texts.deputyFor(elevation.deputy_for.join('、'))}</span>}
        <span className="elevation-reason">{texts.reasonIs(elevation.reason)}</span>
      </p>
      <Button size="small" disabled={busy} onClick={end}>
        {texts.end}
      </Button>
      {error !== null && <ErrorNotice error={error} />}
    </section>
  );
}
