// What departments answered in a year, by clause of the policy: rates, and what is not kept.
import { useState } from 'react';
import { sheets as api, type AnswerCount, type OfficeSheet } from '../../api/sheets';
import { SelectField } from '../../components/Field/Field';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { ExportForm } from './ExportForm';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { sheetTexts as s } from './sheetMessages';
import './Office.css';

const countOf = (counts: AnswerCount[], key: string) => counts.find((each) => each.key === key)?.count ?? 0;

export default function SheetPage({ name }: { name: string }) {
  const [year, setYear] = useState<number | null>(null);
  const { data, error, reload } = useLoad(() => api.read(name, year), [name, year]);
  const shown = data?.fiscal_year ?? year;
  return (
    <Page title={data ? s.title(data.title) : s.open} lead={s.lead}>
      <p>
        <Link href={`/office/registers/${name}`}>{data ? t.backTo(data.title) : t.back}</Link>
      </p>
      {shown !== null && (
        <SelectField label={t.year} value={shown} onChange={(event) => setYear(Number(event.target.value))}>
          {[shown + 1, shown, shown - 1, shown - 2].map((each) => (
            <option key={each} value={each}>
              {t.yearOf(each)}
            </option>
          ))}
        </SelectField>
      )}
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && <Parts sheet={data} />}
    </Page>
  );
}

function Parts({ sheet }: { sheet: OfficeSheet }) {
  const answers = (sheet.units[0]?.counts ?? []).filter((each) => each.key !== '');
  const columns = [...answers.map((each) => each.title), s.unanswered];
  const cells = (counts: AnswerCount[]) =>
    [...answers.map((each) => each.key), ''].map((key, n) => (
      <td key={key} data-label={columns[n]}>
        {countOf(counts, key)}
      </td>
    ));
  if (sheet.units.length === 0) return <p className="empty">{s.noUnits}</p>;
  return (
    <>
      <p role="status">{s.whole(sheet.label, sheet.rate)}</p>
      {sheet.more && <p className="meta">{s.more}</p>}
      <p className="meta">{s.exportLead}</p>
      <ExportForm name={sheet.definition} asked={{ table: sheet.table }} title={s.export} />
      <section className="section" aria-labelledby="sheet-gaps">
        <h2 id="sheet-gaps">{s.gaps(sheet.gaps.length)}</h2>
        {sheet.gaps.length === 0 ? (
          <p className="empty">{s.noGaps}</p>
        ) : (
          <Table caption={s.gaps(sheet.gaps.length)} columns={s.gapColumns}>
            {sheet.gaps.map((gap) => (
              <tr key={`${gap.id} ${gap.clause}`}>
                <th scope="row">{gap.label}</th>
                <td data-label={s.gapColumns[1]}>{gap.unit}</td>
                <td data-label={s.gapColumns[2]}>{gap.answer}</td>
                <td data-label={s.gapColumns[3]}>{gap.why}</td>
                <td data-label={s.gapColumns[4]}>{gap.evidence}</td>
                <td data-label={s.gapColumns[5]}>
                  <Link href={`/office/cases/${gap.id}`}>{gap.number}</Link>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </section>
      <section className="section" aria-labelledby="sheet-units">
        <h2 id="sheet-units">{s.units}</h2>
        <Table caption={s.units} columns={[s.unit, s.caseNumber, s.state, s.rate, ...columns]}>
          {sheet.units.map((each) => (
            <tr key={each.id}>
              <th scope="row">{each.unit || t.builtin.unit}</th>
              <td data-label={s.caseNumber}>
                <Link href={`/office/cases/${each.id}`}>{each.number}</Link>
              </td>
              <td data-label={s.state}>{each.state_title}</td>
              <td data-label={s.rate}>{s.percent(each.rate)}</td>
              {cells(each.counts)}
            </tr>
          ))}
        </Table>
      </section>
      <section className="section" aria-labelledby="sheet-clauses">
        <h2 id="sheet-clauses">{s.clauses}</h2>
        <Table caption={s.clauses} columns={[s.clause, s.text, s.rate, ...columns]}>
          {sheet.clauses.map((each) => (
            <tr key={each.clause}>
              <th scope="row">{each.label}</th>
              <td data-label={s.text}>{each.text}</td>
              <td data-label={s.rate}>{s.percent(each.rate)}</td>
              {cells(each.counts)}
            </tr>
          ))}
        </Table>
      </section>
    </>
  );
}
