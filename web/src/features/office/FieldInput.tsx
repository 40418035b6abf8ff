// One field of a definition as the control of its type. Columns of a table are fields without the parts that they cannot have.
import { CheckGroup, SelectField, TextArea, TextField } from '../../components/Field/Field';
import type { Axis, OfficeChoice, OfficeField } from '../../api/office';
import { wareki } from '../../lib/wareki';
import { useWords } from '../organisation/words';
import { ChecklistInput } from './ChecklistInput';
import { findCases, findPeople } from './finds';
import { isChecks, isRanks, type Draft, type Row } from './formModel';
import { officeTexts as t } from './messages';
import { useNames } from './names';
import { Picker } from './Picker';
import { TableInput } from './TableInput';

export type Slot = Pick<OfficeField, 'key' | 'title' | 'type' | 'choices' | 'of' | 'unit'> & Partial<Pick<OfficeField, 'help' | 'axes' | 'items' | 'columns' | 'rows'>>;

export interface InputProps<T extends Draft = Draft> {
  slot: Slot;
  draft: T;
  required?: boolean;
  error?: string;
  onChange: (draft: Draft) => void;
}

const textOf = (draft: Draft) => (typeof draft === 'string' ? draft : '');
const listOf = (draft: Draft) => (Array.isArray(draft) ? (draft as string[]) : []);

export function FieldInput(props: InputProps) {
  const { slot, draft, required, error, onChange } = props;
  const common = { label: slot.title, hint: hintOf(slot), required, error };
  switch (slot.type) {
    case 'long_text':
      return <TextArea {...common} rows={4} value={textOf(draft)} onChange={(event) => onChange(event.target.value)} />;
    case 'choice':
      return <Choice {...common} options={slot.choices ?? []} value={textOf(draft)} onChange={onChange} />;
    case 'yes_no':
      return (
        <Choice
          {...common}
          options={[
            { key: 'yes', title: t.yes },
            { key: 'no', title: t.no },
          ]}
          value={textOf(draft)}
          onChange={onChange}
        />
      );
    case 'choices':
      return <Choices {...props} draft={listOf(draft)} />;
    case 'date':
    case 'datetime':
      return <DayInput {...props} draft={textOf(draft)} />;
    case 'department':
      return <UnitInput {...props} draft={textOf(draft)} />;
    case 'departments':
      return <UnitsInput {...props} draft={listOf(draft)} />;
    case 'class':
      return <ClassInput {...props} />;
    case 'person':
    case 'people':
    case 'reference':
    case 'references':
      return <PickerInput {...props} />;
    case 'checklist':
      return <ChecklistInput {...props} checks={isChecks(draft) ? draft.checks : {}} />;
    case 'table':
      return <TableInput {...props} rows={Array.isArray(draft) ? (draft as Row[]) : []} />;
    default:
      return (
        <TextField
          {...common}
          inputMode={slot.type === 'number' ? 'decimal' : undefined}
          autoComplete="off"
          value={textOf(draft)}
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

function hintOf(slot: Slot): string | undefined {
  const unit = slot.type === 'number' && slot.unit ? t.unitOf(slot.unit) : null;
  const clause = slot.type === 'clause' ? t.clauseHint : null;
  return [slot.help, unit, clause].filter(Boolean).join('　') || undefined;
}

interface ChoiceProps {
  label: string;
  hint?: string;
  required?: boolean;
  error?: string;
  options: OfficeChoice[];
  value: string;
  onChange: (value: string) => void;
}

function Choice({ options, onChange, ...rest }: ChoiceProps) {
  return (
    <SelectField {...rest} aria-invalid={rest.error ? true : undefined} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t.choose}</option>
      {options.map((option) => (
        <option key={option.key} value={option.key}>
          {option.title}
        </option>
      ))}
    </SelectField>
  );
}

function Choices({ slot, draft, error, onChange }: InputProps<string[]>) {
  return (
    <div data-invalid={error ? true : undefined}>
      <CheckGroup legend={slot.title} options={(slot.choices ?? []).map((choice) => ({ value: choice.key, label: choice.title }))} chosen={draft} onChange={onChange} />
      {error && <p className="field-error">{error}</p>}
    </div>
  );
}

// The browser's own field for the day, and the same day in the Japanese calendar beside it.
function DayInput({ slot, draft, required, error, onChange }: InputProps<string>) {
  const era = wareki(draft.slice(0, 10));
  const hint = [slot.help, era === '' ? null : t.era(era)].filter(Boolean).join('　') || undefined;
  return (
    <TextField
      type={slot.type === 'date' ? 'date' : 'datetime-local'}
      min={slot.type === 'date' ? '1868-01-25' : undefined}
      max={slot.type === 'date' ? '9999-12-31' : '9999-12-31T23:59'}
      label={slot.title}
      hint={hint}
      required={required}
      error={error}
      value={draft}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function UnitInput({ slot, draft, required, error, onChange }: InputProps<string>) {
  const { departments, nameOf } = useNames();
  const options = departments.map((unit) => ({ key: unit.id, title: unit.name }));
  if (draft !== '' && !options.some((option) => option.key === draft)) options.push({ key: draft, title: nameOf(draft) });
  return <Choice label={slot.title} hint={slot.help ?? undefined} required={required} error={error} options={options} value={draft} onChange={onChange} />;
}

function UnitsInput({ slot, draft, error, onChange }: InputProps<string[]>) {
  const { departments } = useNames();
  return (
    <div data-invalid={error ? true : undefined}>
      <CheckGroup legend={slot.title} options={departments.map((unit) => ({ value: unit.id, label: unit.name }))} chosen={draft} onChange={onChange} />
      {error && <p className="field-error">{error}</p>}
    </div>
  );
}

function ClassInput({ slot, draft, required, error, onChange }: InputProps) {
  const { profile } = useWords();
  const ranks = isRanks(draft) ? draft.ranks : {};
  const levels = { c: profile.confidentiality, i: profile.integrity, a: profile.availability };
  const axes: Axis[] = slot.axes ?? ['c', 'i', 'a'];
  return (
    <fieldset className="field">
      <legend className="field-label">{slot.title}</legend>
      {slot.help && <p className="field-hint">{slot.help}</p>}
      <div className="office-row">
        {axes.map((axis, n) => (
          <Choice
            key={axis}
            label={t.axes[axis]}
            required={required}
            error={n === 0 ? error : undefined}
            options={levels[axis].map((level, at) => ({ key: String(at + 1), title: t.rank(level.name, level.criterion) }))}
            value={ranks[axis] ?? ''}
            onChange={(rank) => onChange({ ranks: { ...ranks, [axis]: rank } })}
          />
        ))}
      </div>
    </fieldset>
  );
}

function PickerInput({ slot, draft, required, error, onChange }: InputProps) {
  const several = slot.type === 'people' || slot.type === 'references';
  const people = slot.type === 'person' || slot.type === 'people';
  const chosen = several ? listOf(draft) : [textOf(draft)].filter((id) => id !== '');
  return (
    <Picker
      label={slot.title}
      hint={[slot.help, people ? t.findPeople : t.findCases].filter(Boolean).join('　')}
      required={required}
      error={error}
      several={several}
      chosen={chosen}
      find={people ? findPeople : (words) => findCases(slot.of ?? '', words)}
      onChange={(next) => onChange(several ? next : (next[0] ?? ''))}
    />
  );
}
