// The clauses addressed to me, for reading and printing, and the acknowledgement of exactly what is shown.
import { useState } from 'react';
import { reading as api, type ReadingClause, type ReadingPage as Shown } from '../../api/reading';
import { Button, ButtonLink } from '../../components/Button/Button';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { wareki } from '../../lib/wareki';
import { useSession } from '../session/session';
import { readingTexts as t } from './messages';
import '../office/Office.css';
import '../office/Print.css';
import './Reading.css';

export default function ReadingPage({ id }: { id: string }) {
  const { data, error, loading, reload, set } = useLoad(() => api.open(id), [id]);
  return (
    <Page
      title={data?.reading.title ?? t.title}
      lead={data ? t.pageLead(data.reading.number, wareki(data.reading.effective_on), data.reading.clauses) : undefined}
      actions={
        <Button kind="outline" disabled={!data} onClick={() => window.print()}>
          {t.print}
        </Button>
      }
    >
      <p>
        <Link href="/readings">{t.back}</Link>
      </p>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data && <Sheet page={data} />}
      {data && <Acknowledge page={data} onDone={(reading) => set(() => ({ ...data, reading }))} />}
    </Page>
  );
}

function Sheet({ page }: { page: Shown }) {
  const { session } = useSession();
  const { reading } = page;
  return (
    <article className="print-sheet reading-sheet" lang="ja">
      <header className="reading-print">
        <p className="print-head">
          <span>{session.body.name}</span>
          <span>{t.versionName(reading.number, wareki(reading.effective_on))}</span>
        </p>
        <h2>{reading.title}</h2>
      </header>
      {page.clauses.map((clause) => (
        <Clause key={clause.id} clause={clause} />
      ))}
      <table className="print-rows reading-print">
        <tbody>
          {t.printSign.map((name) => (
            <tr key={name}>
              <th scope="row" className="print-name">
                {name}
              </th>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

function Clause({ clause }: { clause: ReadingClause }) {
  const mark = t.modality[clause.modality];
  return (
    <div className={clause.addressed ? 'reading-clause reading-mine' : 'reading-clause'} style={{ marginInlineStart: `${Math.min(clause.depth, 8)}rem` }}>
      <p>
        <b>{clause.label}</b> {clause.withheld ? t.withheld : <b>{clause.title}</b>}
        {mark && <span className="reading-mark">{mark}</span>}
      </p>
      {clause.text !== '' && <p className="reading-text">{clause.text}</p>}
    </div>
  );
}

function Acknowledge({ page, onDone }: { page: Shown; onDone: (reading: Shown['reading']) => void }) {
  const { session } = useSession();
  const [read, setRead] = useState(false);
  const { busy, error, run } = useAction();
  const { reading } = page;
  return (
    <section className="reading-acknowledge">
      {error !== null && <ErrorNotice error={error} />}
      {reading.state === 'extended' && <Notice tone="warning">{t.changedRole}</Notice>}
      {reading.state === 'acknowledged' ? (
        <p role="status">{t.acknowledgedAt(formatTime(reading.acknowledged_at))}</p>
      ) : (
        <>
          <label className="reading-check">
            <input type="checkbox" checked={read} onChange={(event) => setRead(event.target.checked)} />
            {t.confirm}
          </label>
          <div>
            <Button kind="solid" disabled={busy || !read} onClick={() => void run(async () => onDone(await api.acknowledge(page)))}>
              {t.acknowledge}
            </Button>
          </div>
        </>
      )}
      {session.user.powers.includes('approvals.use') && (
        <div>
          <ButtonLink href="/office/registers/consultations/new">{t.consult}</ButtonLink>
        </div>
      )}
    </section>
  );
}
