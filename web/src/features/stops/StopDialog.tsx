import { useState } from 'react';
import { stops as api } from '../../api';
import type { NewStop } from '../../api/types';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextArea, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { text } from './messages';
import type { Choices } from './StopsPage';

const needsTarget = ['route', 'endpoint', 'collection', 'account'];

export function StopDialog({ choices, onClose }: { choices: Choices; onClose: (changed: boolean) => void }) {
  const [value, setValue] = useState<NewStop>({ kind: '', basis: 'ordered', basis_by: '', reason: '' });
  const [told, setTold] = useState('');
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const change = (part: Partial<NewStop>) => setValue({ ...value, ...part });
  const targeted = needsTarget.includes(value.kind);
  const save = () => {
    const incomplete = value.kind === '' || value.basis_by.trim() === '' || value.reason.trim() === '' || (targeted && !value.target);
    setMissing(incomplete);
    if (incomplete) return;
    void run(async () => {
      const names = told.split(/[、,]/).map((name) => name.trim());
      await api.set({ ...value, target: targeted ? value.target : undefined, told: names.filter((name) => name !== '') });
      onClose(true);
    });
  };
  return (
    <FormDialog title={text.setTitle} submit={text.submit} danger busy={busy} onSubmit={save} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      {missing && (
        <Notice tone="error" role="alert">
          <p>{text.missing}</p>
        </Notice>
      )}
      <SelectField label={text.kind} value={value.kind} required onChange={(event) => change({ kind: event.target.value, target: undefined })}>
        {/* The widest stop is never the one that is chosen by doing nothing. */}
        <option value="">{text.choose}</option>
        {Object.entries(text.kinds).map(([kind, label]) => (
          <option key={kind} value={kind}>
            {label}
          </option>
        ))}
      </SelectField>
      {(value.kind === 'service' || value.kind === 'body') && (
        <Notice tone="warning">
          <p>{text.everybody}</p>
        </Notice>
      )}
      {targeted && (
        <SelectField label={text.target} value={value.target ?? ''} required onChange={(event) => change({ target: event.target.value })}>
          <option value="">{text.choose}</option>
          {choices[value.kind]?.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </SelectField>
      )}
      <SelectField label={text.basis} value={value.basis} onChange={(event) => change({ basis: event.target.value })}>
        {Object.entries(text.bases).map(([basis, label]) => (
          <option key={basis} value={basis}>
            {label}
          </option>
        ))}
      </SelectField>
      <TextField
        label={text.basisBy[value.basis] ?? text.basis}
        value={value.basis_by}
        required
        maxLength={100}
        onChange={(event) => change({ basis_by: event.target.value })}
      />
      <TextArea label={text.reason} value={value.reason} required rows={3} onChange={(event) => change({ reason: event.target.value })} />
      <TextField label={text.told} hint={text.toldHint} value={told} maxLength={200} onChange={(event) => setTold(event.target.value)} />
      <TextField label={text.incident} value={value.incident ?? ''} maxLength={50} onChange={(event) => change({ incident: event.target.value })} />
    </FormDialog>
  );
}
