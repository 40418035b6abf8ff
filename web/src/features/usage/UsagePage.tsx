// What models are used for: the month's budget, its course, by department, endpoint and person; CSV for charging; storage.
import { useState } from 'react';
import { usage as api } from '../../api';
import type { Usage, UsageGroup } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { saveBase64 } from '../../lib/download';
import { formatBytes, formatNumber, formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { BudgetSection } from './BudgetSection';
import { BarChart, Gauge, type Bar } from './Charts';
import { usageTexts as t } from './messages';
import './Usage.css';

const thisMonth = () => new Date(Date.now() + 9 * 3600 * 1000).toISOString().slice(0, 7);

export default function UsagePage() {
  const [month, setMonth] = useState(thisMonth());
  const { data, error, loading, reload } = useLoad(() => api.read(month), [month]);
  const action = useAction();
  const download = (by: string) =>
    void action.run(async () => {
      const file = await api.export(month, by);
      saveBase64(file.name, file.bytes_base64, 'text/csv');
    });
  return (
    <Page title={t.title} lead={t.lead}>
      <div className="usage-controls">
        <TextField label={t.month} type="month" value={month} max={thisMonth()} onChange={(event) => event.target.value && setMonth(event.target.value)} />
        <div className="table-actions" role="group" aria-label={t.export}>
          {(
            [
              ['department', t.exportDepartments],
              ['person', t.exportPeople],
              ['day', t.exportDays],
            ] as const
          ).map(([by, text]) => (
            <Button key={by} size="small" icon="download" disabled={action.busy} onClick={() => download(by)}>
              {text}
            </Button>
          ))}
        </div>
      </div>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {action.error !== null && <ErrorNotice error={action.error} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <BudgetNow usage={data} current={month === thisMonth()} />
          <section className="section" aria-label={t.days}>
            <BarChart title={t.days} columns={t.dayColumns} bars={data.days.map((day) => bar(day, String(Number(day.day.slice(8)))))} />
            <BarChart
              title={t.months}
              columns={t.monthColumns}
              line={data.budget}
              bars={data.months.map((each) => bar(each, `${Number(each.day.slice(5))}月`))}
            />
          </section>
          <Groups title={t.departments} groups={data.departments} nameOf={(group) => group.name} budgets />
          <PeopleSection month={month} departments={data.departments} />
          <Groups title={t.endpoints} groups={data.endpoints} nameOf={(group) => (group.id === '' ? t.builtIn : group.name)} />
          <Groups title={t.purposes} groups={data.purposes} nameOf={(group) => t.purposeNames[group.id] ?? group.id} />
          <BudgetSection onChange={() => void reload()} />
          <section className="section" aria-labelledby="usage-storage">
            <h2 id="usage-storage">{t.storage}</h2>
            <Gauge
              label={t.storageGauge}
              text={t.stored(formatBytes(data.storage.bytes), formatBytes(data.storage.limit))}
              used={data.storage.bytes}
              whole={data.storage.limit}
              level={data.storage.level}
            />
            {data.storage.departments.length > 0 && (
              <Table caption={t.storage} columns={Object.values(t.storageColumns)}>
                {data.storage.departments.map((row) => (
                  <tr key={row.id}>
                    <th scope="row">{row.name}</th>
                    <td>{formatBytes(row.bytes)}</td>
                  </tr>
                ))}
              </Table>
            )}
          </section>
        </>
      )}
    </Page>
  );
}

function bar(day: Usage['days'][number], label: string): Bar {
  return { ...day, label, name: day.day };
}

function BudgetNow({ usage, current }: { usage: Usage; current: boolean }) {
  const facts: [string, string][] = [
    [t.remaining, t.characters(formatNumber(usage.remaining))],
    [t.reserved, t.characters(formatNumber(usage.reserved))],
    [t.forecast, t.characters(formatNumber(usage.forecast))],
    [t.uses, t.times(formatNumber(usage.uses))],
    [t.context, t.characters(formatNumber(usage.characters_context))],
  ];
  const warning = t.levels[usage.level];
  return (
    <section className="section" aria-labelledby="usage-budget">
      <h2 id="usage-budget">{current ? t.budget : t.budgetOf(usage.month)}</h2>
      {warning && (
        <Notice tone={usage.level === 100 ? 'error' : 'warning'}>
          <p>{warning}</p>
        </Notice>
      )}
      {current && usage.level < 100 && usage.forecast > usage.budget && (
        <Notice tone="warning">
          <p>{t.willExceed(formatNumber(usage.forecast))}</p>
        </Notice>
      )}
      <Gauge
        label={t.gauge}
        text={t.used(formatNumber(usage.counted), formatNumber(usage.budget))}
        used={usage.counted}
        more={usage.reserved}
        whole={usage.budget}
        level={usage.level}
      />
      <dl className="usage-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Table caption={t.thresholds} columns={Object.values(t.threshold)}>
        {usage.thresholds.map((row) => (
          <tr key={row.percent}>
            <th scope="row">{row.percent}%</th>
            <td className="number-cell">{formatNumber(row.characters)}</td>
            <td>{row.reached_at ? formatTime(row.reached_at) : t.notReached}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Groups({ title, groups, nameOf, budgets = false }: { title: string; groups: UsageGroup[]; nameOf: (group: UsageGroup) => string; budgets?: boolean }) {
  const columns = budgets ? Object.values(t.columns) : Object.values(t.columns).slice(0, -1);
  return (
    <section className="section" aria-label={title}>
      <h2>{title}</h2>
      {groups.length === 0 ? (
        <p className="empty">{t.nothing}</p>
      ) : (
        <Table caption={title} columns={columns}>
          {groups.map((group) => (
            <tr key={`${group.id} ${group.department}`}>
              <th scope="row">
                {nameOf(group)}
                {group.department && <div className="meta">{group.department}</div>}
              </th>
              {[group.counted, group.characters_in, group.characters_out, group.characters_context, group.uses].map((value, n) => (
                <td key={n} className="number-cell">
                  {formatNumber(value)}
                </td>
              ))}
              {budgets && <td>{group.budget === null ? '' : t.budgetRow(formatNumber(group.budget), group.level)}</td>}
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function PeopleSection({ month, departments }: { month: string; departments: UsageGroup[] }) {
  const [department, setDepartment] = useState('');
  const { data, error, reload } = useLoad(() => api.people(month, department), [month, department]);
  return (
    <>
      <SelectField label={t.peopleOf} value={department} onChange={(event) => setDepartment(event.target.value)}>
        <option value="">{t.allDepartments}</option>
        {departments
          .filter((each) => each.id !== '')
          .map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
      </SelectField>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {data && <Groups title={t.people} groups={data.items} nameOf={(group) => group.name} budgets />}
    </>
  );
}
