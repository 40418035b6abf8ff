// 改め文 between two versions of a document, as a draft to read and to save.
import { useState } from 'react';
import { policyVersions as api, type AmendingText, type PolicyVersionState } from '../../api/policyVersions';
import { Button } from '../../components/Button/Button';
import { SelectField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { saveBase64 } from '../../lib/download';
import { useAction } from '../../lib/useAction';
import { versionTexts as t } from './versionMessages';
import './Policies.css';

export function AmendingPart({ versions }: { versions: PolicyVersionState[] }) {
  const newest = versions[0];
  const former = versions.find((version) => version.version === newest?.base) ?? versions.find((version) => version.state === 'in_force') ?? versions[1];
  const [before, setBefore] = useState(former?.version ?? '');
  const [after, setAfter] = useState(newest?.version ?? '');
  const [text, setText] = useState<AmendingText | null>(null);
  const { busy, error, run } = useAction();
  const save = () =>
    void run(async () => {
      const { file } = await api.amendingText(before, after, 'docx');
      if (file) saveBase64(file.name, file.content, file.type);
    });
  const options = versions.map((version) => (
    <option key={version.version} value={version.version}>
      {t.versionName(version.number)}（{t.state[version.state]}）
    </option>
  ));
  return (
    <section className="policy-part">
      <h2>{t.amendingTitle}</h2>
      {error !== null && <ErrorNotice error={error} />}
      <div className="policy-choices">
        <SelectField label={t.amendingBefore} value={before} onChange={(event) => setBefore(event.target.value)}>
          {options}
        </SelectField>
        <SelectField label={t.amendingAfter} value={after} onChange={(event) => setAfter(event.target.value)}>
          {options}
        </SelectField>
      </div>
      <div className="policy-actions">
        <Button kind="solid" disabled={busy} onClick={() => void run(async () => setText(await api.amendingText(before, after)))}>
          {t.amendingMake}
        </Button>
        <Button kind="outline" disabled={busy} onClick={save}>
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
