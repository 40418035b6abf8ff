// 改め文 between two versions of a document, as a draft to read and to save.
import { useState } from 'react';
import { policyVersions as api, type AmendingText, type PolicyVersionState } from '../../api/policyVersions';
import { Button } from '../../components/Button/Button';
import { SelectField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { saveBase64 } from '../../lib/download';
import { useAction } from '../../lib/useAction';
import { policyTexts } from './messages';
import { PartChoice, useSide } from './sides';
import { versionTexts as t } from './versionMessages';
import './Policies.css';

export function AmendingPart({ versions }: { versions: PolicyVersionState[] }) {
  const newest = versions[0];
  const former = versions.find((version) => version.version === newest?.base) ?? versions.find((version) => version.state === 'in_force') ?? versions[1];
  const before = useSide(former?.version ?? '');
  const after = useSide(newest?.version ?? '');
  const [missing, setMissing] = useState(false);
  const [text, setText] = useState<AmendingText | null>(null);
  const { busy, error, run } = useAction();
  const make = (then: (made: AmendingText) => void, format?: 'docx') => {
    setMissing(before.none || after.none);
    if (before.none || after.none) return;
    void run(async () => then(await api.amendingText({ before: before.version, after: after.version, before_parts: before.wanted, after_parts: after.wanted, format })));
  };
  const options = versions.map((version) => (
    <option key={version.version} value={version.version}>
      {t.versionName(version.number)}（{t.state[version.state]}）
    </option>
  ));
  return (
    <section className="policy-part">
      <h2>{t.amendingTitle}</h2>
      {error !== null && <ErrorNotice error={error} />}
      {missing && (
        <Notice tone="error" role="alert">
          {policyTexts.needPart}
        </Notice>
      )}
      <div className="policy-sides">
        {[
          { label: t.amendingBefore, side: before },
          { label: t.amendingAfter, side: after },
        ].map(({ label, side }) => (
          <div key={label}>
            <SelectField label={label} value={side.version} onChange={(event) => side.choose(event.target.value)}>
              {options}
            </SelectField>
            <PartChoice label={label} side={side} />
          </div>
        ))}
      </div>
      <div className="policy-actions">
        <Button kind="solid" disabled={busy} onClick={() => make(setText)}>
          {t.amendingMake}
        </Button>
        <Button kind="outline" disabled={busy} onClick={() => make(({ file }) => file && saveBase64(file.name, file.content, file.type), 'docx')}>
          {t.amendingSave}
        </Button>
      </div>
      {text && (
        <>
          <Notice tone="warning" role="status">
            {text.notice}
          </Notice>
          {text.provisions.length === 0 ? (
            <p>{t.amendingNone}</p>
          ) : (
            <div className="policy-amending">
              <p>{text.title}</p>
              {text.provisions.map((provision, at) => (
                <div key={at}>
                  <p>{provision.rule}</p>
                  {provision.words.length > 0 && <blockquote className="policy-text">{provision.words.join('\n')}</blockquote>}
                </div>
              ))}
            </div>
          )}
        </>
      )}
    </section>
  );
}
