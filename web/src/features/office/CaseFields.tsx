// What is written in the case, by the sections of its print form; whoever may write some of it opens the form.
import { useState, type FormEvent } from 'react';
import { office as api, type OfficeCase, type OfficeField } from '../../api/office';
import { Button } from '../../components/Button/Button';
import { useAction } from '../../lib/useAction';
import { ja } from '../../messages/ja';
import type { Loaded, PartProps } from './CasePage';
import { changed, draftsOf, isBlank, needed, sections, valuesOfCase } from './formModel';
import { FormFields, Mistakes } from './FormFields';
import { ledgerTexts } from './ledgerMessages';
import { officeTexts as t } from './messages';
import { OfficeError } from './OfficeError';
import { SheetRows } from './SheetRows';
import { useForm } from './useForm';

export function CaseFields(part: PartProps) {
  const { one, onChange } = part;
  const [writing, setWriting] = useState(false);
  const mine = one.fields.some((field) => field.editable && !isFile(part, field.key));
  return (
    <section className="section" aria-labelledby="office-fields">
      <h2 id="office-fields">{t.fields}</h2>
      {!writing && mine && (
        <div>
          <Button icon="edit" onClick={() => setWriting(true)}>
            {t.write}
          </Button>
        </div>
      )}
      {writing ? (
        <EditForm
          key={one.hash}
          {...part}
          onClose={() => setWriting(false)}
          onSaved={(next) => {
            setWriting(false);
            onChange(next, t.saved);
          }}
        />
      ) : (
        <ReadFields {...part} />
      )}
    </section>
  );
}

const isFile = ({ definition }: Loaded, key: string) => definition.fields.find((field) => field.key === key)?.type === 'attachment';

// Fields that others may see only are not in the case at all.
export function ReadFields({ one, definition }: Loaded) {
  const shown = new Map(one.fields.map((field) => [field.key, field]));
  return (
    <>
      {sections(definition, (field) => shown.has(field.key) && field.type !== 'attachment').map((part) => (
        <div key={part.title} className="section">
          {part.title !== '' && <h3>{part.title}</h3>}
          {part.title === '' && definition.print && <h3>{t.otherFields}</h3>}
          <dl className="facts office-facts">
            {part.fields.map((field) => {
              const value = shown.get(field.key)!;
              return (
                <div key={field.key}>
                  <dt>{field.title}</dt>
                  <dd className="office-text">
                    {field.rows && Array.isArray(value.value) ? <SheetRows field={field} rows={value.value} /> : value.text || ja.none}
                    {value.text !== '' && field.type === 'number' && field.unit}
                    {value.missing && <span className="field-error">　{t.missingNow}</span>}
                  </dd>
                </div>
              );
            })}
          </dl>
        </div>
      ))}
      {one.kept.length > 0 && (
        <div className="section">
          <h3>{ledgerTexts.kept}</h3>
          <dl className="facts office-facts">
            {one.kept.map((column) => (
              <div key={column.name}>
                <dt>{column.name}</dt>
                <dd className="office-text">{column.text}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </>
  );
}

function EditForm({ one, definition, onReload, onClose, onSaved }: PartProps & { onClose: () => void; onSaved: (next: OfficeCase) => void }) {
  const editable = new Set(one.fields.filter((field) => field.editable).map((field) => field.key));
  const parts = sections(definition, (field) => editable.has(field.key) && field.type !== 'attachment' && !field.derive);
  const fields = parts.flatMap((part) => part.fields);
  const values = valuesOfCase(one);
  const before = draftsOf(fields, values);
  // What the case already had may not become empty; what it lacks can be written by and by.
  const must = (field: OfficeField, now: typeof values) => needed(field, one.state, now) && !isBlank(before[field.key]);
  const form = useForm(fields, before, values, must);
  const [same, setSame] = useState(false);
  const save = useAction();
  const send = (event: FormEvent) => {
    event.preventDefault();
    const given = changed(fields, before, form.drafts);
    setSame(Object.keys(given).length === 0);
    if (!form.check(fields.filter((field) => field.key in given)) || Object.keys(given).length === 0) return;
    void save.run(async () => {
      try {
        onSaved(await api.edit(one.id, one.hash, given));
      } catch (problem) {
        form.blame(problem);
        throw problem;
      }
    });
  };
  return (
    <form ref={form.form} className="form office-form" onSubmit={send} noValidate>
      <Mistakes form={form} fields={fields} />
      {parts.map((part) => (
        <div key={part.title} className="form">
          {part.title !== '' && <h3>{part.title}</h3>}
          <FormFields form={form} fields={part.fields} about={one.id} />
        </div>
      ))}
      {save.error !== null && <OfficeError error={save.error} onRetry={onReload} />}
      <p role="status" className="field-hint">
        {same && t.noChange}
      </p>
      <div className="office-actions">
        <Button type="submit" kind="solid" disabled={save.busy}>
          {t.save}
        </Button>
        <Button onClick={onClose}>{ja.cancel}</Button>
      </div>
    </form>
  );
}
