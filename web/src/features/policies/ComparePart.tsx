// Two versions side by side: which, which of the documents bound into one file, and the table on the screen or as a file.
import { useState } from 'react';
import { policies as api, type ComparedVersions, type PolicyComparison, type PolicyDocument } from '../../api/policies';
import { Button } from '../../components/Button/Button';
import { Checkbox, SelectField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { saveBase64 } from '../../lib/download';
import { useAction } from '../../lib/useAction';
import { Comparison } from './Comparison';
import { policyTexts as t } from './messages';
import { PartChoice, useSide } from './sides';

export function ComparePart({ documents }: { documents: PolicyDocument[] }) {
  const before = useSide();
  const after = useSide();
  const [whole, setWhole] = useState(false);
  const [vertical, setVertical] = useState(false);
  const [missing, setMissing] = useState('');
  const [shown, setShown] = useState<PolicyComparison | null>(null);
  const { busy, error, run } = useAction();
  const ask = (action: (asked: ComparedVersions) => Promise<void>) => {
    const wrong = before.version === '' || after.version === '' ? t.needTwo : before.none || after.none ? t.needPart : '';
    setMissing(wrong);
    if (wrong === '') void run(() => action({ before: before.version, after: after.version, before_parts: before.wanted, after_parts: after.wanted, whole }));
  };
  const save = (format: 'html' | 'docx' | 'xlsx') =>
    ask(async (asked) => {
      const made = await api.file(asked, format, vertical);
      saveBase64(made.name, made.content, made.type);
    });
  const sides = [
    { label: t.before, side: before },
    { label: t.after, side: after },
  ];
  return (
    <section className="policy-part">
      <h2>{t.compareTitle}</h2>
      {error !== null && <ErrorNotice error={error} />}
      {missing !== '' && (
        <Notice tone="error" role="alert">
          {missing}
        </Notice>
      )}
      <div className="policy-sides">
        {sides.map(({ label, side }) => (
          <div key={label}>
            <SelectField label={label} value={side.version} onChange={(event) => side.choose(event.target.value)}>
              <option value="">{t.choose}</option>
              {documents.flatMap((document) =>
                document.versions.map((version) => (
                  <option key={version.id} value={version.id}>
                    {document.title}　{t.versionName(version.number)}
                  </option>
                )),
              )}
            </SelectField>
            <PartChoice label={label} side={side} />
          </div>
        ))}
      </div>
      <div className="policy-choices">
        <Checkbox label={t.whole} checked={whole} onChange={(event) => setWhole(event.target.checked)} />
        <Checkbox label={t.vertical} checked={vertical} onChange={(event) => setVertical(event.target.checked)} />
      </div>
      <div className="policy-actions">
        <Button kind="solid" disabled={busy} onClick={() => ask(async (asked) => setShown(await api.compare(asked)))}>
          {t.compare}
        </Button>
        {(['html', 'docx', 'xlsx'] as const).map((format) => (
          <Button key={format} kind="outline" disabled={busy} onClick={() => save(format)}>
            {t.save[format]}
          </Button>
        ))}
      </div>
      {shown && <Comparison comparison={shown} />}
    </section>
  );
}
