// 年間計画: the recurring work of a fiscal year by month, what is done, open and late; a page that prints.
import { useState } from 'react';
import { office as api, type OfficeDuty } from '../../api/office';
import { Button } from '../../components/Button/Button';
import { SelectField } from '../../components/Field/Field';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { wareki } from '../../lib/wareki';
import { calendarOf, type CalendarEntry, type CalendarMonth } from './calendarModel';
import { MonthChart } from './MonthChart';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { OfficeTabs } from './OfficeTabs';
import { overviewTexts as o } from './overviewMessages';
import './Print.css';

export default function CalendarPage() {
  const [year, setYear] = useState<number | null>(null);
  const { data, error, reload } = useLoad(() => api.duties(year), [year]);
  const shown = data?.fiscal_year ?? year;
  const months = data ? calendarOf(data.items, `${data.fiscal_year}-04`) : [];
  return (
    <Page title={o.calendarTitle} lead={o.calendarLead}>
      <OfficeTabs current="calendar" />
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {shown !== null && (
        <div className="office-row no-print">
          <SelectField label={t.year} value={shown} onChange={(event) => setYear(Number(event.target.value))}>
            {[shown + 1, shown, shown - 1, shown - 2, shown - 3].map((each) => (
              <option key={each} value={each}>
                {t.yearOf(each)}
              </option>
            ))}
          </SelectField>
          <div>
            <Button icon="document" onClick={() => window.print()}>
              {o.print}
            </Button>
          </div>
        </div>
      )}
      {data?.items.length === 0 && <p className="empty">{t.noDuties}</p>}
      {data && data.items.length > 0 && (
        <article className="print-sheet">
          <header>
            <h2>{`${data.label}　${o.calendarTitle}`}</h2>
          </header>
          <MonthChart
            heading="h3"
            title={o.byMonth}
            series={[o.series.done, o.series.open, o.series.late]}
            rows={months.map((each) => ({ name: nameOf(each.month), label: each.month ? `${Number(each.month.slice(5))}月` : '未定', values: [each.done, each.open, each.late] }))}
          />
          {months.filter((each) => each.entries.length > 0).map((each) => (
            <Month key={each.month} of={each} />
          ))}
        </article>
      )}
    </Page>
  );
}

const nameOf = (month: string) => (month ? wareki(`${month}-01`).replace('月1日', '月') : o.noDay);

function Month({ of }: { of: CalendarMonth }) {
  return (
    <section aria-label={nameOf(of.month)}>
      <h3>{`${nameOf(of.month)}（${o.counts(of)}）`}</h3>
      <table className="print-rows calendar-rows">
        <caption className="visually-hidden">{nameOf(of.month)}</caption>
        <thead>
          <tr>
            {o.calendarColumns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.entries.map((entry, n) => (
            <Entry key={n} of={entry} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const stateText = (state: OfficeDuty['state'], n: number, alone: boolean) => (alone ? t.dutyStates[state] : `${t.dutyStates[state]} ${n}`);

function Entry({ of }: { of: CalendarEntry }) {
  const [, due, state, cases] = o.calendarColumns;
  const alone = of.counts.length === 1 && of.counts[0]!.n === 1;
  return (
    <tr>
      <th scope="row">
        {of.title}
        {of.clauses.length > 0 && <span className="print-clauses">　{t.clauses(of.clauses)}</span>}
      </th>
      <td data-label={due}>{of.due_on ? wareki(of.due_on) : o.noDay}</td>
      <td data-label={state}>
        {of.counts.map((each) => (
          <span key={each.state} className={`state-tag state-${t.dutyTones[each.state]}`}>
            {stateText(each.state, each.n, alone)}
          </span>
        ))}
      </td>
      <td data-label={cases}>
        {of.cases.map((one) => (
          <span key={one.id} className="office-case-link">
            <Link href={`/office/cases/${one.id}`}>{one.number}</Link>
            {one.about && `（${one.about}）`}{' '}
          </span>
        ))}
      </td>
    </tr>
  );
}
