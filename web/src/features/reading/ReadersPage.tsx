// Who has not read, by department; as CSV too.
import { useState } from 'react';
import { reading as api, type ReadersFilter, type ReadingRule } from '../../api/reading';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { saveBase64 } from '../../lib/download';
import { formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { useSession } from '../session/session';
import { readingTexts as t } from './messages';
import '../policies/Policies.css';

export default function ReadersPage() {
  const [filter, setFilter] = useState<ReadersFilter>({});
  const { data, error, loading, reload } = useLoad(() => api.people(filter), [filter.department, filter.all]);
  const { busy, error: saveError, run } = useAction();
  const save = () =>
    void run(async () => {
      const file = await api.peopleFile(filter);
      saveBase64(file.name, file.content, file.type);
    });
  return (
    <Page title={t.people} lead={t.peopleLead}>
      <p>
        <Link href="/readings">{t.back}</Link>　<Link href="/office/registers/onboarding">{t.consents}</Link>
      </p>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {saveError !== null && <ErrorNotice error={saveError} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <section className="policy-part">
            <h2>{t.departments}</h2>
            <Table caption={t.departments} columns={t.departmentColumns}>
              {data.departments.map((unit) => (
                <tr key={unit.department}>
                  <th scope="row">{unit.name}</th>
                  <td data-label={t.departmentColumns[1]}>{unit.people}</td>
                  <td data-label={t.departmentColumns[2]}>{unit.acknowledged}</td>
                  <td data-label={t.departmentColumns[3]}>{unit.people - unit.acknowledged}</td>
                  <td data-label={t.departmentColumns[4]}>{t.consented(unit.consented, unit.consents_asked)}</td>
                </tr>
              ))}
            </Table>
          </section>
          <RulePart />
          <div className="policy-choices">
            <SelectField label={t.department} value={filter.department ?? ''} onChange={(event) => setFilter({ ...filter, department: event.target.value })}>
              <option value="">{t.everyDepartment}</option>
              {data.departments.map((unit) => (
                <option key={unit.department} value={unit.department}>
                  {unit.name}
                </option>
              ))}
            </SelectField>
            <label>
              <input type="checkbox" checked={filter.all ?? false} onChange={(event) => setFilter({ ...filter, all: event.target.checked })} /> {t.all}
            </label>
            <div>
              <Button kind="outline" disabled={busy} onClick={save}>
                {t.saveCsv}
              </Button>
            </div>
          </div>
          {data.items.length === 0 ? (
            <p className="empty">{t.nobody}</p>
          ) : (
            <Table caption={t.people} columns={t.peopleColumns}>
              {data.items.map((row) => (
                <tr key={`${row.document} ${row.person}`}>
                  <td data-label={t.peopleColumns[0]}>{row.department}</td>
                  <th scope="row">{row.name}</th>
                  <td data-label={t.peopleColumns[2]}>{row.category}</td>
                  <td data-label={t.peopleColumns[3]}>{`${row.title}　${t.versionName(row.number, '')}`}</td>
                  <td data-label={t.peopleColumns[4]}>{t.state[row.state]}</td>
                  <td data-label={t.peopleColumns[5]}>{formatTime(row.acknowledged_at)}</td>
                  <td data-label={t.peopleColumns[6]}>{!row.consent_asked ? t.consentNotAsked : row.consented_at === null ? t.consentNotYet : formatTime(row.consented_at)}</td>
                  <td data-label={t.peopleColumns[7]}>{formatTime(row.closes_at)}</td>
                </tr>
              ))}
            </Table>
          )}
        </>
      )}
    </Page>
  );
}

// Whether the AI waits for the acknowledgement, and how long.
function RulePart() {
  const { session } = useSession();
  const { data: rule, error, reload, set } = useLoad(() => api.rule(), []);
  const [changing, setChanging] = useState(false);
  return (
    <section className="policy-part">
      <h2>{t.ruleTitle}</h2>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {rule && (
        <p>
          {rule.before_ai ? t.ruleOn(rule.grace_days) : t.ruleOff}
          {rule.set_by !== null && t.ruleSetBy(rule.set_by, formatTime(rule.set_at))}
        </p>
      )}
      {rule && session.user.powers.includes('policies.manage') && (
        <div>
          <Button kind="outline" onClick={() => setChanging(true)}>
            {t.ruleChange}
          </Button>
        </div>
      )}
      {rule && changing && (
        <RuleDialog
          rule={rule}
          onClose={(next) => {
            setChanging(false);
            if (next) set(() => next);
          }}
        />
      )}
    </section>
  );
}

function RuleDialog({ rule, onClose }: { rule: ReadingRule; onClose: (next: ReadingRule | null) => void }) {
  const [before, setBefore] = useState(rule.before_ai);
  const [days, setDays] = useState(String(rule.grace_days));
  const { busy, error, run } = useAction();
  return (
    <FormDialog title={t.ruleTitle} submit={t.ruleSave} busy={busy} onSubmit={() => void run(async () => onClose(await api.setRule(before, Number(days))))} onClose={() => onClose(null)}>
      {error !== null && <ErrorNotice error={error} />}
      <label>
        <input type="checkbox" checked={before} onChange={(event) => setBefore(event.target.checked)} /> {t.ruleBefore}
      </label>
      <TextField label={t.ruleDays} type="number" min={0} max={365} required value={days} onChange={(event) => setDays(event.target.value)} />
    </FormDialog>
  );
}
