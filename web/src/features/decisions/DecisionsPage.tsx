// What waits for the person's decision, from every part of the product, with a few figures; each row leads to where it is decided.
import { useEffect } from 'react';
import { decisions as api, type Decision, type DecisionFigure } from '../../api/decisions';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { warekiDue, warekiMinute } from '../../lib/wareki';
import { alarmTexts } from '../alarms/messages';
import { useWords } from '../organisation/words';
import { text as stopTexts } from '../stops/messages';
import { decisionTexts as t } from './messages';
import { tellWaiting } from './waiting';
import './Decisions.css';

export default function DecisionsPage() {
  const { data, error, reload } = useLoad(() => api.list(), []);
  const figures = useLoad(() => api.figures(), []);
  useEffect(() => {
    if (data) tellWaiting(data.items.length);
  }, [data]);
  return (
    <Page title={t.title} lead={t.lead}>
      {figures.error !== null && <ErrorNotice error={figures.error} onRetry={() => void figures.reload()} />}
      {figures.data && figures.data.items.length > 0 && <Figures items={figures.data.items} />}
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {((!data && error === null) || (!figures.data && figures.error === null)) && <Spinner />}
      {data && (
        <section className="section" aria-labelledby="decisions-items">
          <h2 id="decisions-items">{t.items}</h2>
          <p role="status">{data.items.length === 0 ? t.none : t.count(data.items.length, data.overdue)}</p>
          {data.more && (
            <Notice tone="warning">
              <p>{t.more}</p>
            </Notice>
          )}
          {data.items.length > 0 && (
            <Table caption={t.items} columns={t.columns}>
              {data.items.map((item, n) => (
                <Row key={`${item.href} ${n}`} item={item} />
              ))}
            </Table>
          )}
        </section>
      )}
    </Page>
  );
}

function Figures({ items }: { items: DecisionFigure[] }) {
  return (
    <section className="section" aria-labelledby="decisions-figures">
      <h2 id="decisions-figures">{t.figures}</h2>
      <ul className="decision-figures">
        {items.map((figure) => (
          <li key={figure.key} className={figure.bad ? 'decision-figure decision-figure-bad' : 'decision-figure'}>
            <Link href={figure.href}>{figure.title}</Link>
            <strong>{t.unit(figure.count)}</strong>
            {figure.detail !== '' && <span className="meta">{figure.detail}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

// What the row is called: by its own words, or by those of the screen that its code belongs to.
function titleOf(item: Decision): string {
  if (item.source === 'stops') return `${t.sources.stops}：${stopTexts.kinds[item.code] ?? item.code}`;
  if (item.source === 'alarms') return alarmTexts.kinds[item.code] ?? item.code;
  if (item.source === 'reviews') return t.reviewOf(item.what);
  if (item.source === 'classes') return t.sources.classes!;
  return [item.title, item.number].filter(Boolean).join('　');
}

function Row({ item }: { item: Decision }) {
  const words = useWords();
  const [what, who, since, due, decide] = t.columns;
  const title = titleOf(item);
  const steps = item.steps.length > 0 ? item.steps : (t.steps[item.source] ?? []);
  return (
    <tr>
      <th scope="row" data-label={what}>
        <Link href={item.href} aria-label={t.open(title)}>
          {title}
        </Link>
        {item.what !== '' && item.source !== 'reviews' && <span className="table-note decision-what">{item.what}</span>}
        {t.severities[item.severity] && <span className={`state-tag ${item.severity > 2 ? 'state-bad' : 'state-busy'}`}>{t.severities[item.severity]}</span>}
        {item.elsewhere.length > 0 && <span className="table-note">{t.elsewhere(item.elsewhere.map((code) => words.segment(code)))}</span>}
      </th>
      <td data-label={who}>
        {item.asked_by}
        {item.unit !== '' && <span className="table-note">{item.unit}</span>}
      </td>
      <td data-label={since}>{warekiMinute(item.since)}</td>
      <td data-label={due}>
        {item.due_at ? warekiDue(item.due_at) : t.noDue}
        {item.overdue && <span className="state-tag state-bad">{t.overdue}</span>}
      </td>
      <td data-label={decide}>
        {item.state !== '' && <span className="table-note">{item.state}</span>}
        {steps.join('、')}
        {item.places > 1 && <span className="table-note">{t.signed(item.signed_places, item.places)}</span>}
        {item.alone && <span className="table-note">{t.alone}</span>}
        {item.clauses.length > 0 && <span className="table-note">{t.clauses(item.clauses)}</span>}
      </td>
    </tr>
  );
}
