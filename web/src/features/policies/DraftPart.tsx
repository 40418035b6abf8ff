// Edits of a draft's tree: a clause added, moved or removed, with the numbers behind it.
import { useState } from 'react';
import type { PolicyClause } from '../../api/policies';
import { policyVersions as api, type Numbering } from '../../api/policyVersions';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextArea, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { versionTexts as t } from './versionMessages';
import './Policies.css';

type Act = 'add' | 'move' | 'remove';

export function DraftPart({ version, clauses, onChange }: { version: string; clauses: PolicyClause[]; onChange: () => void }) {
  const [chosen, setChosen] = useState('');
  const [missing, setMissing] = useState(false);
  const [act, setAct] = useState<Act | null>(null);
  const clause = clauses.find((one) => one.id === chosen);
  const begin = (next: Act) => {
    setMissing(!clause);
    if (clause) setAct(next);
  };
  return (
    <section className="policy-part">
      <h2>{t.draftTitle}</h2>
      <p>{t.draftLead}</p>
      {missing && (
        <Notice tone="error" role="alert">
          {t.chooseFirst}
        </Notice>
      )}
      <SelectField label={t.draftClause} value={chosen} onChange={(event) => setChosen(event.target.value)}>
        <option value="">{t.choose}</option>
        <ClauseOptions clauses={clauses} />
      </SelectField>
      <div className="policy-actions">
        {(['add', 'move', 'remove'] as const).map((one) => (
          <Button key={one} kind="outline" onClick={() => begin(one)}>
            {t[one]}
          </Button>
        ))}
      </div>
      {act && clause && (
        <ActDialog
          act={act}
          version={version}
          clause={clause}
          clauses={clauses}
          onClose={(changed) => {
            setAct(null);
            if (!changed) return;
            if (act === 'remove') setChosen('');
            onChange();
          }}
        />
      )}
    </section>
  );
}

function ClauseOptions({ clauses }: { clauses: PolicyClause[] }) {
  return (
    <>
      {clauses.map((clause) => (
        <option key={clause.id} value={clause.id}>
          {clause.ref} {clause.title === '' ? clause.text.slice(0, 20) : clause.title}
        </option>
      ))}
    </>
  );
}

function ActDialog({ act, version, clause, clauses, onClose }: { act: Act; version: string; clause: PolicyClause; clauses: PolicyClause[]; onClose: (changed: boolean) => void }) {
  const [where, setWhere] = useState<'after' | 'under'>('after');
  const [target, setTarget] = useState('');
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [numbering, setNumbering] = useState<Numbering>('shift');
  const { busy, error, run } = useAction();
  const submit = () =>
    void run(async () => {
      const place = { [where]: act === 'add' ? clause.id : target };
      if (act === 'add') await api.addClause(version, place, title, text, numbering);
      if (act === 'move') await api.moveClause(version, clause.id, place, numbering);
      if (act === 'remove') await api.removeClause(version, clause.id, numbering === 'keep' ? 'keep' : 'shift');
      onClose(true);
    });
  return (
    <FormDialog title={`${clause.ref}：${t[act]}`} submit={t[act]} busy={busy} danger={act === 'remove'} onSubmit={submit} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      {act === 'remove' && <p>{t.removeAsk(clause.ref)}</p>}
      {act === 'move' && (
        <SelectField label={t.target} value={target} onChange={(event) => setTarget(event.target.value)}>
          <option value="">{t.choose}</option>
          <ClauseOptions clauses={clauses.filter((one) => one.id !== clause.id)} />
        </SelectField>
      )}
      {act !== 'remove' && (
        <SelectField label={t.place} value={where} onChange={(event) => setWhere(event.target.value === 'under' ? 'under' : 'after')}>
          <option value="after">{t.placeAfter}</option>
          <option value="under">{t.placeUnder}</option>
        </SelectField>
      )}
      {act === 'add' && <TextField label={t.title} value={title} onChange={(event) => setTitle(event.target.value)} />}
      {act === 'add' && <TextArea label={t.text} rows={6} value={text} onChange={(event) => setText(event.target.value)} />}
      <SelectField label={t.numbering} value={numbering} onChange={(event) => setNumbering(event.target.value as Numbering)}>
        <option value="shift">{t.numberingShift}</option>
        {act !== 'remove' && <option value="branch">{t.numberingBranch}</option>}
        <option value="keep">{t.numberingKeep}</option>
      </SelectField>
    </FormDialog>
  );
}
