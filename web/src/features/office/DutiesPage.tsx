// The recurring work of a fiscal year and how far it is.
import { useState } from 'react';
import { office as api } from '../../api/office';
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

export default function DutiesPage() {
  const [year, setYear] = useState<number | null>(null);
  const { data, error, reload } = useLoad(() => api.duties(year), [year]);
  const shown = data?.fiscal_year ?? year;
  const [, period, about, due, state, number] = t.dutyColumns;
  return (
    <Page title={t.dutiesTitle} lead={t.dutiesLead}>
      <OfficeTabs current="duties" />
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {shown !== null && (
        <div className="form-narrow">
          <SelectField label={t.year} value={shown} onChange={(event) => setYear(Number(event.target.value))}>
            {[shown + 1, shown, shown - 1, shown - 2, shown - 3].map((each) => (
              <option key={each} value={each}>
                {t.yearOf(each)}
              </option>
            ))}
          </SelectField>
        </div>
      )}
      {data?.items.length === 0 && <p className="empty">{t.noDuties}</p>}
      {data && data.items.length > 0 && (
        <Table caption={`${data.label}　${t.dutiesTitle}`} columns={t.dutyColumns}>
          {data.items.map((duty, n) => (
            <tr key={n}>
              <th scope="row">
                {duty.title}
                {duty.clauses.length > 0 && <span className="table-note">{t.clauses(duty.clauses)}</span>}
              </th>
              <td data-label={period}>{duty.period}</td>
              <td data-label={about}>{duty.about}</td>
              <td data-label={due}>{wareki(duty.due_on)}</td>
              <td data-label={state}>
                <span className={`state-tag state-${t.dutyTones[duty.state]}`}>{t.dutyStates[duty.state]}</span>
              </td>
              <td data-label={number}>{duty.id && <Link href={`/office/cases/${duty.id}`}>{duty.number}</Link>}</td>
            </tr>
          ))}
        </Table>
      )}
    </Page>
  );
}
