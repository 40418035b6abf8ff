// A new case: the fields that the definition asks for at the opening, and the others folded below.
import type { FormEvent } from 'react';
import { office as api, type OfficeDefinitionView, type OfficeField } from '../../api/office';
import { Button } from '../../components/Button/Button';
import { Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Link, navigate } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { draftsOf, needed, written } from './formModel';
import { FormFields, Mistakes } from './FormFields';
import { officeTexts as t } from './messages';
import { NamesProvider } from './names';
import { OfficeError } from './OfficeError';
import { useForm } from './useForm';
import './Office.css';

const kNone = {};

export default function NewCasePage({ name }: { name: string }) {
  const { data, error, reload } = useLoad(() => api.definition(name), [name]);
  return (
    <Page title={data ? t.newTitle(data.definition.title) : t.title} lead={data?.definition.summary ?? undefined}>
      <p>
        <Link href={`/office/registers/${name}`}>{t.backTo(data?.definition.title ?? '')}</Link>
      </p>
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && !data.may_open && (
        <Notice tone="warning">
          <p>{t.notOpener}</p>
        </Notice>
      )}
      {data?.may_open && (
        <NamesProvider known={kNone} departments>
          <NewCase key={name} view={data} />
        </NamesProvider>
      )}
    </Page>
  );
}

// Asked: what the definition says, or what is required from the start; in both cases whatever the opening would be refused without.
function asked(view: OfficeDefinitionView, field: OfficeField): boolean {
  return needed(field, '', {}) || (view.definition.open.ask ?? []).includes(field.key);
}

function NewCase({ view }: { view: OfficeDefinitionView }) {
  const { definition } = view;
  const fields = definition.fields.filter((field) => !field.derive && (view.open_edit.includes(field.key) || (field.type === 'attachment' && asked(view, field))));
  const first = fields.filter((field) => asked(view, field));
  const others = fields.filter((field) => !asked(view, field));
  const form = useForm(fields, draftsOf(fields, {}), kNone, (field, values) => field.type !== 'attachment' && needed(field, '', values));
  const action = useAction();
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!form.check()) return;
    void action.run(async () => {
      try {
        navigate(`/office/cases/${(await api.open(definition.id, written(fields, form.drafts))).id}`);
      } catch (problem) {
        form.blame(problem);
        throw problem;
      }
    });
  };
  return (
    <form ref={form.form} className="form office-form" onSubmit={send} noValidate>
      <p className="meta">{t.clauses([...new Set(definition.clauses.map((clause) => clause.ref))])}</p>
      <Mistakes form={form} fields={fields} />
      <FormFields form={form} fields={first} />
      {others.length > 0 && (
        <details className="office-later" open={others.some((field) => form.errors[field.key]) || undefined}>
          <summary>{t.later}</summary>
          <div className="form">
            <p className="field-hint">{t.laterHint}</p>
            <FormFields form={form} fields={others} />
          </div>
        </details>
      )}
      {action.error !== null && <OfficeError error={action.error} />}
      <div>
        <Button type="submit" kind="solid" disabled={action.busy}>
          {t.submit}
        </Button>
      </div>
    </form>
  );
}
