// The form of a kind, made from its data. One form for a new request and for one that is mended.
import { useState, type FormEvent } from 'react';
import type { Approval, ApprovalField, ApprovalInput, ApprovalKind } from '../../api/approvals';
import { Button } from '../../components/Button/Button';
import { SelectField, TextArea, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { beginOfDay, dayOf, endOfDay, momentOf, minuteOf } from './dates';
import { text } from './messages';

interface Values {
  fields: Record<string, string>;
  reason: string;
  starts: string;
  ends: string;
  review: string;
  done: string;
}

function valuesOf(request: Approval | null): Values {
  return {
    fields: request?.values ?? {},
    reason: request?.reason ?? '',
    starts: dayOf(request?.starts_at),
    ends: dayOf(request?.ends_at),
    review: dayOf(request?.review_at),
    done: minuteOf(request?.done_at),
  };
}

function inputOf(kind: ApprovalKind, values: Values): ApprovalInput {
  const period = kind.period !== 'none';
  return {
    fields: values.fields,
    reason: values.reason,
    starts_at: period ? beginOfDay(values.starts) : null,
    ends_at: period ? endOfDay(values.ends) : null,
    review_at: kind.period === 'end_or_review' ? beginOfDay(values.review) : null,
    done_at: kind.after_the_fact ? momentOf(values.done) : null,
  };
}

export function ApprovalForm({
  kind,
  request,
  onSave,
}: {
  kind: ApprovalKind;
  request: Approval | null;
  onSave: (input: ApprovalInput, submit: boolean) => Promise<void>;
}) {
  const [values, setValues] = useState(() => valuesOf(request));
  const action = useAction();
  const set = (change: Partial<Values>) => setValues((old) => ({ ...old, ...change }));
  const save = (submit: boolean) => void action.run(() => onSave(inputOf(kind, values), submit));
  const send = (event: FormEvent) => {
    event.preventDefault();
    save(true);
  };
  return (
    <form className="form form-narrow" onSubmit={send} noValidate>
      {kind.fields.map((field) => (
        <KindField
          key={field.key}
          field={field}
          value={values.fields[field.key] ?? ''}
          onChange={(value) => set({ fields: { ...values.fields, [field.key]: value } })}
        />
      ))}
      <TextArea label={text.reason} required={kind.needs_reason} rows={4} value={values.reason} onChange={(e) => set({ reason: e.target.value })} />
      <Period kind={kind} values={values} set={set} />
      {kind.after_the_fact && (
        <TextField type="datetime-local" label={text.done} hint={text.doneHint} value={values.done} onChange={(e) => set({ done: e.target.value })} />
      )}
      {request?.state === 'submitted' && (
        <Notice tone="warning">
          <p>{text.editVoids}</p>
        </Notice>
      )}
      {action.error !== null && <ErrorNotice error={action.error} />}
      <div className="approval-actions">
        <Button type="submit" kind="solid" disabled={action.busy}>
          {text.send}
        </Button>
        <Button disabled={action.busy} onClick={() => save(false)}>
          {request ? text.saveEdit : text.saveDraft}
        </Button>
      </div>
    </form>
  );
}

function KindField({ field, value, onChange }: { field: ApprovalField; value: string; onChange: (value: string) => void }) {
  const common = { label: field.title, required: field.required, value };
  if (field.type === 'long_text') return <TextArea {...common} rows={3} onChange={(e) => onChange(e.target.value)} />;
  if (field.type === 'choice')
    return (
      <SelectField {...common} onChange={(e) => onChange(e.target.value)}>
        <option value="">{text.choose}</option>
        {field.choices?.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </SelectField>
    );
  return (
    <TextField
      {...common}
      type={field.type === 'date' ? 'date' : 'text'}
      inputMode={field.type === 'number' ? 'decimal' : undefined}
      hint={field.type === 'account' ? text.accountHint : undefined}
      autoCapitalize={field.type === 'account' ? 'none' : undefined}
      onChange={(e) => onChange(e.target.value)}
    />
  );
}

function Period({ kind, values, set }: { kind: ApprovalKind; values: Values; set: (change: Partial<Values>) => void }) {
  if (kind.period === 'none') return kind.max_days ? <p className="field-hint">{text.oneAct(kind.max_days)}</p> : null;
  const longest = kind.max_days ? text.maxDays(kind.max_days) : undefined;
  return (
    <>
      <TextField type="date" label={text.starts} hint={text.startsHint} value={values.starts} onChange={(e) => set({ starts: e.target.value })} />
      <TextField
        type="date"
        label={text.ends}
        hint={longest}
        required={kind.period === 'end'}
        value={values.ends}
        onChange={(e) => set({ ends: e.target.value })}
      />
      {kind.period === 'end_or_review' && (
        <TextField type="date" label={text.review} hint={text.reviewHint} value={values.review} onChange={(e) => set({ review: e.target.value })} />
      )}
    </>
  );
}
