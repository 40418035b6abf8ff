// One period's review: numbers, what was found, the records behind it, the conclusion.
import { useState } from 'react';
import { reviews as api } from '../../api';
import type { Review, ReviewFinding } from '../../api/types';
import { Button, ButtonLink } from '../../components/Button/Button';
import { TextArea } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { saveBase64 } from '../../lib/download';
import { formatNumber, formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { useSession } from '../session/session';
import { Bars } from './Bars';
import { EntriesDialog } from './EntriesDialog';
import { reviewTexts as t } from './messages';
import './Reviews.css';

const kindOf = (kind: string) => t.kinds[kind] ?? kind;

export default function ReviewPage({ period }: { period: string }) {
  const { data, error, loading, reload, set } = useLoad(() => api.read(period), [period]);
  const { busy, error: failure, run } = useAction();
  const save = () =>
    run(async () => {
      const file = await api.export(period);
      saveBase64(file.name, file.bytes_base64, 'text/csv');
    });
  return (
    <Page
      title={data ? `${t.title} ${t.period(data.summary.period, data.summary.months)}` : t.title}
      actions={
        <>
          <ButtonLink href="/admin/reviews">{t.back}</ButtonLink>
          {data && (
            <Button icon="download" disabled={busy} onClick={() => void save()}>
              {t.export}
            </Button>
          )}
        </>
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {failure !== null && <ErrorNotice error={failure} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <Facts review={data} />
          <Charts review={data} />
          <Findings review={data} />
          <Conclusion review={data} onDone={(next) => set(() => next)} />
        </>
      )}
    </Page>
  );
}

function Facts({ review }: { review: Review }) {
  const { summary, rules } = review;
  return (
    <section className="section" aria-label={t.title}>
      <dl className="usage-facts">
        <div>
          <dt>{t.facts.questions}</dt>
          <dd>{t.count(formatNumber(summary.questions))}</dd>
        </div>
        <div>
          <dt>{t.facts.people}</dt>
          <dd>{t.people(formatNumber(review.people))}</dd>
        </div>
        <div>
          <dt>{t.facts.made}</dt>
          <dd>{formatTime(summary.made_at)}</dd>
        </div>
        <div>
          <dt>{t.facts.due}</dt>
          <dd>{formatTime(summary.due_at)}</dd>
        </div>
      </dl>
      <p>{t.rules(rules.burst, rules.day_begins, rules.day_ends, rules.failed_logins)}</p>
    </section>
  );
}

function Charts({ review }: { review: Review }) {
  const kinds = Object.keys(t.kinds).map((kind) => ({ label: kindOf(kind).slice(0, 4), name: kindOf(kind), value: review.totals[kind] ?? 0 }));
  const days = review.days.map((day) => ({ label: day.day.slice(8), name: day.day, value: day.questions, rest: [day.off_hours, day.guard] }));
  const hours = review.hours.map((value, hour) => ({ label: String(hour), name: t.hourOf(hour), value }));
  const departments = review.departments.map((each) => ({
    label: (each.department || t.noDepartment).slice(0, 5),
    name: each.department || t.noDepartment,
    value: each.findings,
  }));
  return (
    <section className="section" aria-labelledby="review-charts">
      <h2 id="review-charts">{t.charts}</h2>
      <Bars title={t.byKind} columns={[t.kind, t.number]} bars={kinds} />
      {days.length > 0 && <Bars title={t.byDay} columns={[t.day, t.number, t.offHours, t.guard]} bars={days} />}
      <Bars title={t.byHour} columns={[t.hour, t.number]} bars={hours} />
      {departments.length > 0 && <Bars title={t.byDepartment} columns={[t.department, t.number]} bars={departments} />}
    </section>
  );
}

function Findings({ review }: { review: Review }) {
  const [looking, setLooking] = useState<ReviewFinding | null>(null);
  const personOf = (finding: ReviewFinding) => (finding.person === 'nobody' ? t.nobody : finding.person);
  return (
    <section className="section" aria-labelledby="review-findings">
      <h2 id="review-findings">{t.findings}</h2>
      {review.findings.length === 0 ? (
        <p className="empty">{t.noFindings}</p>
      ) : (
        <>
          {review.findings.length < review.summary.findings && (
            <p>{t.left(formatNumber(review.findings.length), formatNumber(review.summary.findings))}</p>
          )}
          <Table caption={t.findings} columns={Object.values(t.findingColumns)}>
            {review.findings.map((finding) => (
              <tr key={finding.kind + finding.person + finding.from}>
                <th scope="row">{kindOf(finding.kind)}</th>
                <td>{finding.department || t.noDepartment}</td>
                <td className="review-code">{personOf(finding)}</td>
                <td className="number-cell">{formatNumber(finding.count)}</td>
                <td>{t.span(formatTime(finding.from), formatTime(finding.to))}</td>
                <td>
                  <Button size="small" aria-label={t.lookOf(kindOf(finding.kind), personOf(finding))} onClick={() => setLooking(finding)}>
                    {t.look}
                  </Button>
                </td>
              </tr>
            ))}
          </Table>
        </>
      )}
      {looking && <EntriesDialog period={review.summary.period} finding={looking} onClose={() => setLooking(null)} />}
    </section>
  );
}

function Conclusion({ review, onDone }: { review: Review; onDone: (next: Review) => void }) {
  const { session } = useSession();
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const missing = text.trim() === '';
  const { summary } = review;
  if (summary.concluded_at === null && !session.user.powers.includes('decide.central')) return null;
  return (
    <section className="section" aria-labelledby="review-conclusion">
      <h2 id="review-conclusion">{t.conclusionTitle}</h2>
      {summary.concluded_at !== null ? (
        <>
          <p className="review-conclusion">{review.conclusion}</p>
          <p className="meta">{t.concludedBy(summary.concluded_by ?? '', formatTime(summary.concluded_at))}</p>
        </>
      ) : (
        <form
          className="form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            setTried(true);
            if (!missing) void run(async () => onDone(await api.conclude(summary.period, text.trim())));
          }}
        >
          {error !== null && <ErrorNotice error={error} />}
          <TextArea
            label={t.conclusion}
            hint={t.concludeOnce}
            required
            rows={5}
            value={text}
            error={tried && missing ? t.conclusionMissing : undefined}
            onChange={(event) => setText(event.target.value)}
          />
          <div>
            <Button type="submit" kind="solid" disabled={busy}>
              {t.conclude}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
