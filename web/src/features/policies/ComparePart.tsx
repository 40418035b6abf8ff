// Two versions side by side: which, which of the documents bound into one file, and the table on the screen or as a file.
import { useState } from 'react';
import { policies as api, type ComparedVersions, type PolicyComparison, type PolicyDocument } from '../../api/policies';
import { Button } from '../../components/Button/Button';
import { Checkbox, CheckGroup, SelectField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { saveBase64 } from '../../lib/download';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { Comparison } from './Comparison';
import { policyTexts as t } from './messages';
import { partsOf, type Part } from './parts';

export function ComparePart({ documents }: { documents: PolicyDocument[] }) {
  const before = useSide();
  const after = useSide();
  const [whole, setWhole] = useState(false);
  const [vertical, setVertical] = useState(false);
  const [missing, setMissing] = useState('');
  const [shown, setShown] = useState<PolicyComparison | null>(null);
  const { busy, error, run } = useAction();
  const ask = (action: (asked: ComparedVersions) => Promise<void>) => {
    const none = [before, after].some((side) => side.parts.length > 1 && side.chosen.length === 0);
    const wrong = before.version === '' || after.version === '' ? t.needTwo : none ? t.needPart : '';
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
            {side.error !== null && <ErrorNotice error={side.error} />}
            {side.parts.length > 1 && (
              <CheckGroup
                legend={t.partsOf(label)}
                options={side.parts.map((part) => ({ value: String(part.number), label: part.title }))}
                chosen={side.chosen.map(String)}
                onChange={(value) => side.choosePart(value.map(Number))}
              />
            )}
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

interface Side {
  version: string;
  parts: Part[];
  chosen: number[];
  wanted: number[] | undefined; // undefined: all of them
  error: unknown;
  choose: (version: string) => void;
  choosePart: (parts: number[]) => void;
}

function useSide(): Side {
  const [version, setVersion] = useState('');
  const [without, setWithout] = useState<number[]>([]);
  const { data, error } = useLoad(async () => (version === '' ? [] : partsOf(await api.tree(version))), [version]);
  const parts = data ?? [];
  const chosen = parts.map((part) => part.number).filter((number) => !without.includes(number));
  return {
    version,
    parts,
    chosen,
    wanted: chosen.length < parts.length ? chosen : undefined,
    error,
    choose: (next) => {
      setVersion(next);
      setWithout([]);
    },
    choosePart: (kept) => setWithout(parts.map((part) => part.number).filter((number) => !kept.includes(number))),
  };
}
