// How many cases, by month, department and register.
import { useState } from 'react';
import { office, type OfficeRegister } from '../../api/office';
import { overview as api, type GroupFigures } from '../../api/overview';
import { SelectField } from '../../components/Field/Field';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { useLoad } from '../../lib/useLoad';
import { wareki } from '../../lib/wareki';
import { MonthChart } from './MonthChart';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { OfficeTabs } from './OfficeTabs';
import { overviewTexts as o } from './overviewMessages';

const monthName = (month: string) => wareki(`${month}-01`).replace('月1日', '月');

export default function FiguresPage() {
  const [year, setYear] = useState<number | null>(null);
  const [register, setRegister] = useState('');
  const { data, error, reload } = useLoad(() => api.figures(year, register), [year, register]);
  const registers = useLoad(() => office.registers(), []);
  const shown = data?.fiscal_year ?? year;
  return (
    <Page title={o.figuresTitle} lead={o.figuresLead}>
      <OfficeTabs current="figures" />
      <div className="office-row">
        {shown !== null && (
          <SelectField label={t.year} value={shown} onChange={(event) => setYear(Number(event.target.value))}>
            {[shown, shown - 1, shown - 2, shown - 3].map((each) => (
              <option key={each} value={each}>
                {t.yearOf(each)}
              </option>
            ))}
          </SelectField>
        )}
        <SelectField label={o.register} value={register} onChange={(event) => setRegister(event.target.value)}>
          <option value="">{o.allRegisters}</option>
          {(registers.data?.items ?? []).map((each: OfficeRegister) => (
            <option key={each.name} value={each.name}>
              {each.title}
            </option>
          ))}
        </SelectField>
      </div>
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && (
        <>
          <MonthChart
            title={`${data.label}　${o.monthly}`}
            series={o.monthlySeries}
            rows={data.months.map((each) => ({ name: monthName(each.month), label: `${Number(each.month.slice(5))}月`, values: [each.opened, each.closed] }))}
          />
          <Groups title={o.groups.units} rows={data.units} />
          <Groups title={o.groups.registers} rows={data.registers} />
        </>
      )}
    </Page>
  );
}

function Groups({ title, rows }: { title: string; rows: GroupFigures[] }) {
  const [, opened, closed, atWork, overdue] = o.groupColumns;
  const most = Math.max(1, ...rows.map((row) => row.at_work));
  if (rows.length === 0) return null;
  return (
    <section className="section" aria-label={title}>
      <h2>{title}</h2>
      <Table caption={title} columns={[title, ...o.groupColumns.slice(1)]}>
        {[...rows]
          .sort((a, b) => b.at_work - a.at_work)
          .map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.title || o.wholeBody}</th>
              <td data-label={opened}>{row.opened}</td>
              <td data-label={closed}>{row.closed}</td>
              <td data-label={atWork}>
                <span className="office-bar" aria-hidden="true" style={{ inlineSize: `${(row.at_work / most) * 6}rem` }} />
                {row.at_work}
              </td>
              <td data-label={overdue}>{row.overdue}</td>
            </tr>
          ))}
      </Table>
    </section>
  );
}
