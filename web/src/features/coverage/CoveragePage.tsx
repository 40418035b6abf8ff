// The matrix: controls or clauses with their state, narrowed by state, kind and role; gaps; counts per chapter.
import { useState } from 'react';
import { coverage as api, type Coverage, type CoverageControl, type CoverageEvidence, type CoverageGap } from '../../api/coverage';
import { Button, ButtonLink } from '../../components/Button/Button';
import { SelectField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { saveBase64 } from '../../lib/download';
import { formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { EvidenceDialog, ReasonDialog } from './dialogs';
import { coverageTexts as t } from './messages';
import { State } from './State';
import './Coverage.css';

const kShown = 100;
const kYears = 5;

export default function CoveragePage() {
  const [year, setYear] = useState<number | undefined>(undefined);
  const { data, error, loading, reload } = useLoad(() => api.read(year), [year]);
  const [newest, setNewest] = useState<number | null>(null);
  const { busy, error: failure, run } = useAction();
  if (data?.live && newest !== data.year) setNewest(data.year);
  const save = (format: 'html' | 'pdf') =>
    run(async () => {
      const file = await api.dossier(format, year);
      saveBase64(file.name, file.content, file.type);
    });
  return (
    <Page
      title={t.title}
      lead={t.lead}
      actions={
        <>
          <ButtonLink href="/duties">{t.own}</ButtonLink>
          {(['pdf', 'html'] as const).map((format) => (
            <Button key={format} icon="download" disabled={busy} onClick={() => void save(format)}>
              {t.dossier(format.toUpperCase())}
            </Button>
          ))}
        </>
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {failure !== null && <ErrorNotice error={failure} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <p>{t.at(data.year_label, formatTime(data.at))}</p>
          {!data.live && <Notice tone="info">{t.past}</Notice>}
          {newest !== null && (
            <SelectField label={t.year} value={String(data.year)} onChange={(event) => setYear(Number(event.target.value))}>
              {Array.from({ length: kYears }, (_, n) => newest - n).map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </SelectField>
          )}
          <Rows data={data} reload={() => void reload()} />
          <Gaps data={data} reload={() => void reload()} />
          <Chapters data={data} />
        </>
      )}
    </Page>
  );
}

const distinct = (values: string[]) => [...new Set(values)].filter((value) => value !== '').sort();

function Rows({ data, reload }: { data: Coverage; reload: () => void }) {
  const [view, setView] = useState<'controls' | 'clauses'>('controls');
  const [state, setState] = useState('');
  const [kind, setKind] = useState('');
  const [role, setRole] = useState('');
  const [whole, setWhole] = useState(false);
  const byId = new Map(data.controls.map((control) => [control.id, control]));
  const controls = data.controls.filter((c) => (state === '' || c.state === state) && (kind === '' || c.kind === kind) && (role === '' || c.role === role));
  const clauses = data.clauses.filter(
    (c) =>
      (state === '' || c.state === state) &&
      (kind === '' || c.kind === kind || (kind === 'enforced' && c.kind === 'enforce')) &&
      (role === '' || c.controls.some((id) => byId.get(id)?.role === role)),
  );
  const count = view === 'controls' ? controls.length : clauses.length;
  const shown = whole ? count : Math.min(count, kShown);
  return (
    <section className="coverage-part" aria-labelledby="coverage-rows">
      <h2 id="coverage-rows">{view === 'controls' ? t.controls : t.clauses}</h2>
      <p>{t.counts(view === 'controls' ? data.control_counts : data.clause_counts)}</p>
      <div className="coverage-filters" role="group" aria-label={t.filters}>
        <SelectField label={t.view} value={view} onChange={(event) => setView(event.target.value as 'controls' | 'clauses')}>
          <option value="controls">{t.controls}</option>
          <option value="clauses">{t.clauses}</option>
        </SelectField>
        <Choice label={t.state} value={state} onChange={setState} values={Object.keys(t.states)} name={(one) => t.states[one] ?? one} />
        <Choice label={t.kind} value={kind} onChange={setKind} values={distinct(data.controls.map((c) => c.kind))} name={(one) => t.kinds[one] ?? one} />
        <Choice label={t.role} value={role} onChange={setRole} values={distinct(data.controls.map((c) => c.role))} name={(one) => one} />
      </div>
      {count === 0 ? (
        <p className="empty">{t.noRows}</p>
      ) : view === 'controls' ? (
        <Controls controls={controls.slice(0, shown)} manages={data.may_manage && data.live} reload={reload} />
      ) : (
        <Table caption={t.clauses} columns={t.clauseColumns}>
          {clauses.slice(0, shown).map((clause) => (
            <tr key={`${clause.version}/${clause.id}`}>
              <td className="coverage-state">
                <State state={clause.state} />
              </td>
              <th scope="row">
                <Link href={`/admin/policies/${clause.version}`} aria-label={t.openClause(clause.ref)}>
                  {clause.ref}
                </Link>
                <div className="meta">{t.kinds[clause.kind] ?? clause.kind}</div>
              </th>
              <td>
                {clause.title || clause.text}
                {!clause.confirmed && <div className="meta">{t.unconfirmed}</div>}
              </td>
              <td>{clause.reason}</td>
            </tr>
          ))}
        </Table>
      )}
      {shown < count && (
        <div className="coverage-actions">
          <span>{t.more(shown, count)}</span>
          <Button size="small" onClick={() => setWhole(true)}>
            {t.showAll}
          </Button>
        </div>
      )}
    </section>
  );
}

function Choice({ label, value, values, name, onChange }: { label: string; value: string; values: string[]; name: (value: string) => string; onChange: (value: string) => void }) {
  return (
    <SelectField label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t.all}</option>
      {values.map((one) => (
        <option key={one} value={one}>
          {name(one)}
        </option>
      ))}
    </SelectField>
  );
}

function Controls({ controls, manages, reload }: { controls: CoverageControl[]; manages: boolean; reload: () => void }) {
  const [recording, setRecording] = useState<CoverageControl | null>(null);
  const [withdrawing, setWithdrawing] = useState<CoverageEvidence | null>(null);
  const done = (close: () => void) => (changed: boolean) => {
    close();
    if (changed) reload();
  };
  return (
    <>
      <Table caption={t.controls} columns={t.controlColumns}>
        {controls.map((control) => (
          <tr key={control.id}>
            <td className="coverage-state">
              <State state={control.state} />
            </td>
            <th scope="row">
              {control.title}
              <div className="meta">
                {t.kinds[control.kind] ?? control.kind}　{t.standard(control.clause)}
              </div>
              {control.clauses.length > 0 && <div className="meta">{t.answers(control.clauses)}</div>}
            </th>
            <td>
              {control.reason}
              {control.due_at && <div className="meta">{t.due(formatTime(control.due_at))}</div>}
              {control.log_seq !== null && <div className="meta">{t.logSeq(control.log_seq)}</div>}
            </td>
            <td>
              {control.mend}
              <div className="meta">{control.role}</div>
            </td>
            <td>
              <Shown control={control} onWithdraw={manages ? setWithdrawing : undefined} />
              {manages && control.kind !== 'enforced' && (
                <Button size="small" aria-label={t.recordOf(control.title)} onClick={() => setRecording(control)}>
                  {t.record}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {recording && <EvidenceDialog control={recording} onClose={done(() => setRecording(null))} />}
      {withdrawing && withdrawing.id && (
        <ReasonDialog
          title={t.withdrawOf(withdrawing.what)}
          submit={t.withdraw}
          act={(reason) => api.withdraw(withdrawing.id ?? '', reason)}
          onClose={done(() => setWithdrawing(null))}
        />
      )}
    </>
  );
}

function Shown({ control, onWithdraw }: { control: CoverageControl; onWithdraw?: (evidence: CoverageEvidence) => void }) {
  if (control.facts.length === 0 && control.evidence.length === 0) return null;
  return (
    <ul className="coverage-evidence">
      {control.facts.map((fact) => (
        <li key={fact.name}>
          {fact.name}：{fact.value}
        </li>
      ))}
      {control.evidence.map((evidence, n) => (
        <li key={evidence.id ?? `program-${n}`}>
          {evidence.what}
          <div className="meta">
            {evidence.dated_at ? `${formatTime(evidence.dated_at)}　` : ''}
            {evidence.recorded_by}
          </div>
          {evidence.withdrawn_by && <div className="meta">{t.withdrawn(evidence.withdrawn_by, evidence.withdraw_reason ?? '')}</div>}
          {onWithdraw && evidence.id && !evidence.withdrawn_by && (
            <Button size="small" aria-label={t.withdrawOf(evidence.what)} onClick={() => onWithdraw(evidence)}>
              {t.withdraw}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Gaps({ data, reload }: { data: Coverage; reload: () => void }) {
  const [closing, setClosing] = useState<CoverageGap | null>(null);
  const { busy, error, run } = useAction();
  const open = data.gaps.filter((gap) => gap.closed_at === null);
  const settle = () =>
    run(async () => {
      await api.settle();
      reload();
    });
  return (
    <section className="coverage-part" aria-labelledby="coverage-gaps">
      <h2 id="coverage-gaps">{t.gaps}</h2>
      <p>{t.gapsLead}</p>
      {error !== null && <ErrorNotice error={error} />}
      {data.may_manage && data.live && (
        <div className="coverage-actions">
          <Button disabled={busy} onClick={() => void settle()}>
            {t.settle}
          </Button>
        </div>
      )}
      {open.length === 0 ? (
        <p className="empty">{t.noGaps}</p>
      ) : (
        <Table caption={t.gaps} columns={data.may_manage ? t.gapColumns.map((c) => c || t.close) : t.gapColumns.slice(0, -1)}>
          {open.map((gap) => (
            <tr key={gap.id}>
              <th scope="row">
                <State state={gap.state} /> {gap.title}
                <div className="meta">{t.standard(gap.clause)}</div>
              </th>
              <td>
                {gap.reason}
                <div className="meta">{gap.mend}</div>
              </td>
              <td>{gap.role}</td>
              <td>{formatTime(gap.opened_at)}</td>
              {data.may_manage && (
                <td>
                  <Button size="small" aria-label={t.closeOf(gap.title)} onClick={() => setClosing(gap)}>
                    {t.close}
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      {closing && (
        <ReasonDialog
          title={t.closeOf(closing.title)}
          submit={t.close}
          act={(reason) => api.close(closing.id, reason)}
          onClose={(changed) => {
            setClosing(null);
            if (changed) reload();
          }}
        />
      )}
    </section>
  );
}

function Chapters({ data }: { data: Coverage }) {
  if (data.chapters.length === 0) return null;
  return (
    <section className="coverage-part" aria-labelledby="coverage-chapters">
      <h2 id="coverage-chapters">{t.chapters}</h2>
      <Table caption={t.chapters} columns={t.chapterColumns}>
        {data.chapters.map((chapter) => (
          <tr key={`${chapter.version}/${chapter.part}/${chapter.chapter}`}>
            <th scope="row">
              {chapter.title || chapter.chapter}
              <div className="meta">{chapter.document}</div>
            </th>
            {[chapter.counts.green, chapter.counts.amber, chapter.counts.red, chapter.counts.not_applicable].map((value, n) => (
              <td key={t.chapterColumns[n + 1]} className="number-cell">
                {value}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </section>
  );
}
