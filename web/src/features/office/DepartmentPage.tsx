// My department: its cases that are not over, and its recurring work of the year.
import { useState } from 'react';
import { overview as api } from '../../api/overview';
import { SelectField } from '../../components/Field/Field';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { wareki } from '../../lib/wareki';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { OfficeTabs } from './OfficeTabs';
import { overviewTexts as o } from './overviewMessages';
import { Due, StateTag } from './StateTag';

export default function DepartmentPage() {
  const [unit, setUnit] = useState<string | null>(null);
  const { data, error, reload } = useLoad(() => api.department(unit), [unit]);
  const [, subject, state, department, due] = t.taskColumns;
  const [, , about, dueOn, progress, number] = t.dutyColumns;
  return (
    <Page title={o.departmentTitle} lead={o.departmentLead}>
      <OfficeTabs current="department" />
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && data.units.length === 0 && <p className="empty">{o.noDepartment}</p>}
      {data && data.units.length > 1 && (
        <div className="form-narrow">
          <SelectField label={o.department} value={data.unit} onChange={(event) => setUnit(event.target.value)}>
            {data.units.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </SelectField>
        </div>
      )}
      {data && data.units.length > 0 && (
        <>
          <section className="section" aria-labelledby="department-work">
            <h2 id="department-work">
              {data.units.find((each) => each.id === data.unit)?.name}　{o.work(data.items.length, data.overdue)}
            </h2>
            {data.more && <p>{o.moreWork}</p>}
            {data.items.length === 0 && <p className="empty">{o.noWork}</p>}
            {data.items.length > 0 && (
              <Table caption={o.work(data.items.length, data.overdue)} columns={t.taskColumns}>
                {data.items.map((item) => (
                  <tr key={item.id}>
                    <th scope="row">
                      <Link href={`/office/cases/${item.id}`}>{item.number}</Link>
                      <span className="table-note">{item.definition_title}</span>
                    </th>
                    <td data-label={subject}>{item.subject || t.untitled}</td>
                    <td data-label={state}>
                      <StateTag title={item.state_title} kind={item.kind} />
                    </td>
                    <td data-label={department}>{item.unit}</td>
                    <td data-label={due}>
                      <Due item={item} />
                    </td>
                  </tr>
                ))}
              </Table>
            )}
          </section>
          <section className="section" aria-labelledby="department-duties">
            <h2 id="department-duties">{o.duties(data.year)}</h2>
            {data.duties.length === 0 && <p className="empty">{o.noDuties}</p>}
            {data.duties.length > 0 && (
              <Table caption={o.duties(data.year)} columns={[t.dutyColumns[0]!, about!, dueOn!, progress!, number!]}>
                {data.duties.map((duty, n) => (
                  <tr key={n}>
                    <th scope="row">
                      {duty.title}
                      {duty.clauses.length > 0 && <span className="table-note">{t.clauses(duty.clauses)}</span>}
                    </th>
                    <td data-label={about}>{duty.about}</td>
                    <td data-label={dueOn}>{wareki(duty.due_on)}</td>
                    <td data-label={progress}>
                      <span className={`state-tag state-${t.dutyTones[duty.state]}`}>{t.dutyStates[duty.state]}</span>
                    </td>
                    <td data-label={number}>{duty.id && <Link href={`/office/cases/${duty.id}`}>{duty.number}</Link>}</td>
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
