// One step of a case: the fields that it asks for, the reason, and, where a separation of duties is crossed, why that cannot be avoided.
import { useState } from 'react';
import { ApiError } from '../../api/client';
import { office as api, type OfficeAction, type OfficeCase, type OfficeField } from '../../api/office';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextArea } from '../../components/Field/Field';
import { Notice } from '../../components/Notice/Notice';
import { countGraphemes } from '../../lib/text';
import { useAction } from '../../lib/useAction';
import type { Loaded } from './CasePage';
import { changed, draftsOf, needed, valuesOfCase, written } from './formModel';
import { FormFields, Mistakes } from './FormFields';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { useForm } from './useForm';

const kShortest = 10; // characters of why a separation of duties cannot be kept

interface Props extends Loaded {
  action: OfficeAction;
  onClose: () => void;
  onReload: () => void;
  onDone: (next: OfficeCase) => void;
}

// The state of the case after the step: a branch leaves it where it is.
function target({ definition, one, action }: Props): string {
  const step = definition.transitions.find((each) => each.key === action.transition);
  return step?.to ?? one.state;
}

export function MoveDialog(props: Props) {
  const { one, definition, action, onClose, onReload, onDone } = props;
  const steps = [...definition.transitions, ...(definition.regions ?? []).flatMap((region) => region.transitions)];
  const recorded = steps.find((step) => step.key === action.transition)?.choice_recorded === true;
  const fields = action.ask.flatMap((key) => definition.fields.find((field) => field.key === key && !field.derive) ?? []);
  const values = valuesOfCase(one);
  const before = draftsOf(fields, values);
  const goal = target(props);
  const form = useForm(fields, before, values, (field: OfficeField, now) => action.needs.includes(field.key) || needed(field, goal, now));
  const [note, setNote] = useState('');
  const [why, setWhy] = useState('');
  const [tried, setTried] = useState(false);
  const move = useAction();
  const crossing = action.separation !== '';
  const reasoned = action.reason || (recorded && fields.length === 0);
  const noteMissing = reasoned && note.trim() === '';
  const whyShort = crossing && countGraphemes(why.trim()) < kShortest;
  const submit = () => {
    setTried(true);
    if (!form.check() || noteMissing || whyShort) return;
    // A choice that is put on record is sent whole, even where it stays as it was.
    const given = { ...changed(fields, before, form.drafts), ...(recorded ? written(fields, form.drafts) : {}) };
    void move.run(async () => {
      try {
        const step = { hash: one.hash, fields: fields.length > 0 ? given : null, note: note.trim() || null, unavoidable: crossing ? why.trim() : null };
        onDone(await api.move(one.id, action.transition, step));
      } catch (problem) {
        form.blame(problem);
        throw problem;
      }
    });
  };
  const stale = move.error instanceof ApiError && (move.error.problem.key === 'office.changed' || move.error.problem.key === 'office.state');
  return (
    <FormDialog title={crossing ? t.unavoidableOf(action.title) : action.title} submit={action.title} danger={action.danger} busy={move.busy} onSubmit={submit} onClose={onClose}>
      <div ref={form.form} className="form">
        {move.error !== null && <OfficeError error={move.error} onRetry={stale ? onReload : undefined} />}
        <Mistakes form={form} fields={fields} />
        {action.danger && (
          <Notice tone="warning">
            <p>{t.danger}</p>
          </Notice>
        )}
        {crossing && <p>{t.unavoidableLead(action.separation)}</p>}
        <FormFields form={form} fields={fields} about={one.id} />
        <TextArea
          label={reasoned ? t.reason : t.note}
          required={reasoned}
          error={tried && noteMissing ? t.mistakes.missing : undefined}
          rows={3}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        {crossing && (
          <TextArea
            label={t.unavoidableReason}
            hint={t.unavoidableHint}
            required
            error={tried && whyShort ? t.tooShort : undefined}
            rows={3}
            value={why}
            onChange={(event) => setWhy(event.target.value)}
          />
        )}
      </div>
    </FormDialog>
  );
}
