// The fields of a form, with what is wrong said in place and, once, above.
import type { OfficeField } from '../../api/office';
import { Notice } from '../../components/Notice/Notice';
import { FieldInput } from './FieldInput';
import { draftOf } from './formModel';
import { officeTexts as t } from './messages';
import type { OfficeForm } from './useForm';

export function FormFields({ form, fields }: { form: OfficeForm; fields: OfficeField[] }) {
  return (
    <>
      {fields.map((field) =>
        field.type === 'attachment' ? (
          <p key={field.key} className="field-hint">
            {field.title}：{t.filesLater}
          </p>
        ) : (
          <FieldInput
            key={field.key}
            slot={field}
            draft={form.drafts[field.key] ?? draftOf(field, null)}
            required={form.required(field)}
            error={form.errors[field.key]}
            onChange={(draft) => form.set(field.key, draft)}
          />
        ),
      )}
    </>
  );
}

export function Mistakes({ form, fields }: { form: OfficeForm; fields: OfficeField[] }) {
  const titles = fields.filter((field) => form.errors[field.key]).map((field) => field.title);
  if (titles.length === 0) return null;
  return (
    <Notice tone="error" role="alert">
      <p>{t.mistaken(titles)}</p>
    </Notice>
  );
}
