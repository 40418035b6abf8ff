import { useState } from 'react';
import type { Endpoint, GuardAction, GuardRule } from '../../api/types';
import { FormDialog } from '../../components/Dialog/Dialog';
import { CheckGroup, SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { useAction } from '../../lib/useAction';
import { ja } from '../../messages/ja';
import { useWords } from '../organisation/words';
import { guardTexts as t, kindName } from './messages';

const blank: GuardRule = {
  kinds: [],
  parts: [],
  segments: [],
  accepts: [],
  endpoint: '',
  class_from: 1,
  class_to: 9,
  least: 50,
  action: 'block',
  raise_to: 0,
  clause: '',
  who_can_permit: '',
};

interface Props {
  rule: GuardRule | null;
  kinds: string[];
  endpoints: Endpoint[];
  onClose: () => void;
  onSave: (rule: GuardRule) => Promise<void>;
}

export function RuleDialog({ rule, kinds, endpoints, onClose, onSave }: Props) {
  const [value, setValue] = useState<GuardRule>(rule ?? blank);
  const [missing, setMissing] = useState(false);
  const { busy, error, run } = useAction();
  const change = (part: Partial<GuardRule>) => setValue({ ...value, ...part });
  const save = () => {
    const incomplete = value.kinds.length === 0 || value.clause.trim() === '' || value.who_can_permit.trim() === '';
    setMissing(incomplete);
    if (!incomplete) void run(() => onSave(value));
  };
  const words = useWords();
  const segments = words.profile.segments.map(({ code, name }) => ({ value: code, label: name }));
  return (
    <FormDialog title={rule ? t.editTitle : t.add} submit={ja.save} busy={busy} onSubmit={save} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      {missing && (
        <Notice tone="error" role="alert">
          <p>{t.missing}</p>
        </Notice>
      )}
      <CheckGroup
        legend={t.kind}
        options={[{ value: '*', label: t.all }, ...kinds.map((kind) => ({ value: kind, label: kindName(kind) }))]}
        chosen={value.kinds}
        onChange={(chosen) => change({ kinds: chosen })}
      />
      <SelectField label={t.action} value={value.action} onChange={(event) => change({ action: event.target.value as GuardAction })}>
        {Object.entries(t.actions).map(([code, text]) => (
          <option key={code} value={code}>
            {text}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t.part}
        value={value.parts.length === 1 ? value.parts[0] : ''}
        onChange={(event) => change({ parts: event.target.value === '' ? [] : [event.target.value] })}
      >
        <option value="">{t.partAny}</option>
        {Object.entries(t.parts).map(([code, text]) => (
          <option key={code} value={code}>
            {text}
          </option>
        ))}
      </SelectField>
      <CheckGroup legend={t.segment} options={segments} chosen={value.segments} onChange={(chosen) => change({ segments: chosen })} />
      <CheckGroup legend={t.accepts} options={segments} chosen={value.accepts} onChange={(chosen) => change({ accepts: chosen })} />
      <SelectField label={t.endpoint} value={value.endpoint} onChange={(event) => change({ endpoint: event.target.value })}>
        <option value="">{t.endpointAny}</option>
        <option value="extractive">{t.builtIn}</option>
        {endpoints.map((endpoint) => (
          <option key={endpoint.id} value={endpoint.id}>
            {endpoint.name}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t.least}
        type="number"
        min={1}
        max={100}
        value={value.least}
        onChange={(event) => change({ least: Number(event.target.value) })}
      />
      <SelectField label={t.raise} value={value.raise_to} onChange={(event) => change({ raise_to: Number(event.target.value) })}>
        <option value={0}>{t.raiseNone}</option>
        {words.profile.confidentiality.map((_, index) => index + 1).map((rank) => (
          <option key={rank} value={rank}>
            {t.raiseTo(words.confidentiality(rank))}
          </option>
        ))}
      </SelectField>
      <TextField label={t.clause} value={value.clause} required onChange={(event) => change({ clause: event.target.value })} />
      <TextField label={t.who} value={value.who_can_permit} required onChange={(event) => change({ who_can_permit: event.target.value })} />
    </FormDialog>
  );
}
