// The versions of a document: the state of each, what may be done next, and the history that the program keeps.
import { useState } from 'react';
import { policyVersions as api, type PolicyHistory, type PolicyVersionState, type VersionStep } from '../../api/policyVersions';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextArea, TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { Link, navigate } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { wareki } from '../../lib/wareki';
import { versionTexts as t } from './versionMessages';
import './Policies.css';

export function VersionsPart({ history, onChange }: { history: PolicyHistory; onChange: () => void }) {
  const [asking, setAsking] = useState<{ step: VersionStep | 'begin'; version?: PolicyVersionState } | null>(null);
  const { busy, error, run } = useAction();
  const take = (version: PolicyVersionState, step: VersionStep) => {
    if (step !== 'opinions' && step !== 'draft') return setAsking({ step, version });
    void run(async () => {
      await api.advance(version.version, step, {});
      onChange();
    });
  };
  return (
    <section className="policy-part">
      <h2>{t.historyTitle}</h2>
      {error !== null && <ErrorNotice error={error} />}
      {history.items.length === 0 && <p>{t.noHistory}</p>}
      <Table caption={t.historyTitle} columns={t.columns}>
        {history.items.map((version) => (
          <VersionRow key={version.version} version={version} busy={busy} onStep={(step) => take(version, step)} />
        ))}
      </Table>
      {history.can.includes('begin') && (
        <div className="policy-actions">
          <Button kind="solid" onClick={() => setAsking({ step: 'begin' })}>
            {t.begin}
          </Button>
        </div>
      )}
      {asking && (
        <StepDialog
          document={history.document}
          step={asking.step}
          version={asking.version}
          onClose={(changed) => {
            setAsking(null);
            if (changed) onChange();
          }}
        />
      )}
    </section>
  );
}

function VersionRow({ version, busy, onStep }: { version: PolicyVersionState; busy: boolean; onStep: (step: VersionStep) => void }) {
  const notes = [
    version.reason,
    version.state === 'draft' || version.state === 'opinions' ? '' : t.counts(version.changes),
    version.opinions > 0 ? t.openOpinions(version.open_opinions, version.opinions) : '',
    version.open_repairs > 0 ? t.openRepairs(version.open_repairs) : '',
  ].filter((note) => note !== '');
  return (
    <tr>
      <th scope="row">
        <Link href={`/admin/policies/${version.version}`}>{t.versionName(version.number)}</Link>
      </th>
      <td data-label={t.columns[1]}>
        {t.state[version.state]}
        {version.state === 'committee' && version.request_state && t.requestState[version.request_state] && <p>{t.requestState[version.request_state]}</p>}
        {version.state === 'committee' && version.request && (
          <p>
            <Link href={`/approvals/${version.request}`}>{t.request}</Link>
          </p>
        )}
      </td>
      <td data-label={t.columns[2]}>{wareki(version.effective_on ?? '')}</td>
      <td data-label={t.columns[3]}>
        {version.decided_by}
        {version.decided_at && <>　{formatTime(version.decided_at)}</>}
        {version.decision !== '' && <p className="policy-text">{version.decision}</p>}
      </td>
      <td data-label={t.columns[4]}>
        {notes.map((note) => (
          <p key={note} className="policy-text">
            {note}
          </p>
        ))}
      </td>
      <td data-label={t.columns[5]}>
        <span className="policy-actions">
          {version.can
            .filter((step) => t.step[step] !== undefined)
            .map((step) => (
              <Button key={step} kind="outline" disabled={busy} aria-label={t.stepOf(t.step[step] ?? step, version.number)} onClick={() => onStep(step)}>
                {t.step[step]}
              </Button>
            ))}
        </span>
      </td>
    </tr>
  );
}

// What the step has to know: why, from which day, by whom it was decided.
function StepDialog({ document, step, version, onClose }: { document: string; step: VersionStep | 'begin'; version?: PolicyVersionState; onClose: (changed: boolean) => void }) {
  const [reason, setReason] = useState(step === 'committee' ? (version?.reason ?? '') : '');
  const [day, setDay] = useState('');
  const { busy, error, run } = useAction();
  const submit = () =>
    void run(async () => {
      if (step === 'begin') {
        const made = await api.begin(document, reason);
        navigate(`/admin/policies/${made.version}`);
      } else if (version && step === 'declare') {
        await api.declare(version.version, day, reason);
      } else if (version) {
        await api.advance(version.version, step, step === 'committee' ? { reason, effective_on: day } : { reason });
      }
      onClose(true);
    });
  const name = step === 'begin' ? t.begin : (t.step[step] ?? step);
  const label = step === 'declare' ? t.decision : step === 'withdrawn' ? t.whyWithdrawn : t.reason;
  return (
    <FormDialog title={version ? t.stepOf(name, version.number) : name} submit={name} busy={busy} danger={step === 'withdrawn'} onSubmit={submit} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{step === 'begin' ? t.beginHint : step === 'committee' ? t.committeeHint : step === 'declare' ? t.declareHint : ''}</p>
      {(step === 'committee' || step === 'declare') && (
        <TextField label={t.effectiveOn} type="date" required value={day} onChange={(event) => setDay(event.target.value)} />
      )}
      <TextArea label={label} hint={t.reasonHint} required rows={4} value={reason} onChange={(event) => setReason(event.target.value)} />
    </FormDialog>
  );
}
