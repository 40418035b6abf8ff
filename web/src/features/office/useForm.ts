// The state of one form: drafts, what is wrong with them, and the focus on the first field that is wrong.
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/client';
import type { OfficeField, Values } from '../../api/office';
import { blamed, isBlank, mistake, valueOf, type Draft, type Drafts } from './formModel';
import { officeTexts as t } from './messages';

const wrong = '[aria-invalid="true"], [data-invalid] input, [data-invalid] select, [data-invalid] button';

export function useForm(fields: OfficeField[], before: Drafts, around: Values, must: (field: OfficeField, values: Values) => boolean) {
  const [drafts, setDrafts] = useState<Drafts>(before);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(0);
  const form = useRef<HTMLFormElement & HTMLDivElement>(null); // the form, or what it fills in a dialog
  useEffect(() => {
    if (tried > 0) form.current?.querySelector<HTMLElement>(wrong)?.focus();
  }, [tried]);

  const values: Values = { ...around };
  for (const field of fields) {
    const draft = drafts[field.key];
    if (draft !== undefined && field.type !== 'attachment') values[field.key] = isBlank(draft) ? null : valueOf(field, draft);
  }
  const show = (next: Record<string, string>) => {
    setErrors(next);
    if (Object.keys(next).length > 0) setTried((n) => n + 1);
  };
  return {
    form,
    drafts,
    values,
    errors,
    required: (field: OfficeField) => must(field, values),
    set: (key: string, draft: Draft) => {
      setDrafts((old) => ({ ...old, [key]: draft }));
      setErrors(({ [key]: _, ...rest }) => rest);
    },
    // True when nothing is seen to be wrong.
    check: (only: OfficeField[] = fields): boolean => {
      const next: Record<string, string> = {};
      for (const field of only) {
        const found = mistake(field, drafts[field.key], must(field, values));
        if (found) next[field.key] = t.mistakes[found];
      }
      show(next);
      return Object.keys(next).length === 0;
    },
    // Marks the fields that a refusal names.
    blame: (error: unknown) => {
      if (!(error instanceof ApiError)) return;
      const keys = blamed(fields, error.problem.key, error.problem.where);
      if (keys.length > 0) show(Object.fromEntries(keys.map((key) => [key, error.problem.key === 'office.missing' ? t.mistakes.missing : t.refused])));
    },
  };
}
export type OfficeForm = ReturnType<typeof useForm>;
