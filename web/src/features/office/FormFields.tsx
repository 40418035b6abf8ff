// The fields of a form, with what is wrong said in place and, once, above.
import { Fragment } from 'react';
import type { OfficeField } from '../../api/office';
import { Notice } from '../../components/Notice/Notice';
import { DraftPanel } from './DraftPanel';
import { FieldInput } from './FieldInput';
import { draftOf } from './formModel';
import { officeTexts as t } from './messages';
import type { OfficeForm } from './useForm';

// `about`: the case that the form is of; a field that may have a draft offers one there.
export function FormFields({ form, fields, about }: { form: OfficeForm; fields: OfficeField[]; about?: string }) {
  return (
    <>
      {fields.map((field) =>
        field.type === 'attachment' ? (
          <p key={field.key} className="field-hint">
            {field.title}：{t.filesLater}
          </p>
        ) : (
          <Fragment key={field.key}>
            <FieldInput
              slot={field}
              draft={form.drafts[field.key] ?? draftOf(field, null)}
              required={form.required(field)}
              error={form.errors[field.key]}
              onChange={(draft) => form.set(field.key, draft)}
            />
            {field.draft && about && (
              <DraftPanel id={about} field={field.key} title={field.title} written={String(form.drafts[field.key] ?? '')} onTake={(text) => form.set(field.key, text)} />
            )}
          </Fragment>
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
