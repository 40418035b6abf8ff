// Items that are done, or do not apply for a reason.
import { SelectField, TextField } from '../../components/Field/Field';
import { ja } from '../../messages/ja';
import type { InputProps } from './FieldInput';
import type { Check } from './formModel';
import { officeTexts as t } from './messages';

export function ChecklistInput({ slot, checks, required, error, onChange }: Omit<InputProps, 'draft'> & { checks: Record<string, Check> }) {
  const set = (key: string, change: Partial<Check>) => onChange({ checks: { ...checks, [key]: { ...(checks[key] ?? { done: '', note: '' }), ...change } } });
  return (
    <fieldset className="field" data-invalid={error ? true : undefined}>
      <legend className="field-label">
        {slot.title}
        {required && <span className="field-required">{ja.required}</span>}
      </legend>
      {slot.help && <p className="field-hint">{slot.help}</p>}
      {error && <p className="field-error">{error}</p>}
      <div className="office-checks">
        {(slot.items ?? []).map((item) => {
          const check = checks[item.key] ?? { done: '', note: '' };
          const clauses = (item.clauses ?? []).map((clause) => clause.ref);
          return (
            <div key={item.key} className="office-check">
              <SelectField
                label={item.required === false ? item.title + t.checkOptional : item.title}
                hint={clauses.length > 0 ? t.clauses(clauses) : undefined}
                value={check.done}
                onChange={(event) => set(item.key, { done: event.target.value as Check['done'] })}
              >
                {(['', 'yes', 'no'] as const).map((done) => (
                  <option key={done} value={done}>
                    {t.checks[done]}
                  </option>
                ))}
              </SelectField>
              {check.done === 'no' && (
                <TextField label={t.checkNote(item.title)} required value={check.note} onChange={(event) => set(item.key, { note: event.target.value })} />
              )}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
