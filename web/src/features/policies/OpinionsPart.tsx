// Opinions on a draft: given while it is open for them, answered with the reason.
import { useState } from 'react';
import type { PolicyClause } from '../../api/policies';
import { policyVersions as api, type PolicyOpinion } from '../../api/policyVersions';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextArea } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { versionTexts as t } from './versionMessages';
import './Policies.css';

export function OpinionsPart({ version, clauses, mayGive, mayAnswer }: { version: string; clauses: PolicyClause[]; mayGive: boolean; mayAnswer: boolean }) {
  const { data, error, reload } = useLoad(() => api.opinions(version), [version]);
  const [dialog, setDialog] = useState<'give' | PolicyOpinion | null>(null);
  const closed = (changed: boolean) => {
    setDialog(null);
    if (changed) void reload();
  };
  if (data?.items.length === 0 && !mayGive) return null;
  return (
    <section className="policy-part">
      <h2>{t.opinionsTitle}</h2>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {data?.items.length === 0 && <p>{t.noOpinions}</p>}
      {data && data.items.length > 0 && (
        <Table caption={t.opinionsTitle} columns={t.opinionColumns}>
          {data.items.map((opinion) => (
            <tr key={opinion.id}>
              <th scope="row">{opinion.ref === '' ? t.whole : opinion.ref}</th>
              <td data-label={t.opinionColumns[1]} className="policy-text">{opinion.content}</td>
              <td data-label={t.opinionColumns[2]}>
                {opinion.given_by}　{formatTime(opinion.given_at)}
              </td>
              <td data-label={t.opinionColumns[3]}>
                {opinion.state !== 'open' && (
                  <p className="policy-text">
                    {t.adopted[opinion.state]}　{opinion.answer}（{opinion.answered_by}）
                  </p>
                )}
                {opinion.state === 'open' && mayAnswer && (
                  <Button kind="outline" aria-label={t.answerOf(opinion.given_by, opinion.ref)} onClick={() => setDialog(opinion)}>
                    {t.answer}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {mayGive && (
        <div className="policy-actions">
          <Button kind="solid" onClick={() => setDialog('give')}>
            {t.giveOpinion}
          </Button>
        </div>
      )}
      {dialog === 'give' && <GiveDialog version={version} clauses={clauses} onClose={closed} />}
      {dialog !== null && dialog !== 'give' && <AnswerDialog opinion={dialog} onClose={closed} />}
    </section>
  );
}

function GiveDialog({ version, clauses, onClose }: { version: string; clauses: PolicyClause[]; onClose: (changed: boolean) => void }) {
  const [about, setAbout] = useState('');
  const [content, setContent] = useState('');
  const { busy, error, run } = useAction();
  const submit = () =>
    void run(async () => {
      await api.giveOpinion(version, content, about === '' ? undefined : about);
      onClose(true);
    });
  return (
    <FormDialog title={t.giveOpinion} submit={t.giveOpinion} busy={busy} onSubmit={submit} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <SelectField label={t.about} value={about} onChange={(event) => setAbout(event.target.value)}>
        <option value="">{t.whole}</option>
        {clauses.map((clause) => (
          <option key={clause.id} value={clause.id}>
            {clause.ref} {clause.title}
          </option>
        ))}
      </SelectField>
      <TextArea label={t.opinion} required rows={6} value={content} onChange={(event) => setContent(event.target.value)} />
    </FormDialog>
  );
}

function AnswerDialog({ opinion, onClose }: { opinion: PolicyOpinion; onClose: (changed: boolean) => void }) {
  const [adopted, setAdopted] = useState('yes');
  const [answer, setAnswer] = useState('');
  const { busy, error, run } = useAction();
  const submit = () =>
    void run(async () => {
      await api.answerOpinion(opinion.id, adopted === 'yes', answer);
      onClose(true);
    });
  return (
    <FormDialog title={t.answerOf(opinion.given_by, opinion.ref)} submit={t.answer} busy={busy} onSubmit={submit} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <p className="policy-text">{opinion.content}</p>
      <SelectField label={t.adoptedChoice} value={adopted} onChange={(event) => setAdopted(event.target.value)}>
        <option value="yes">{t.adopt}</option>
        <option value="no">{t.notAdopt}</option>
      </SelectField>
      <TextArea label={t.answerText} required rows={5} value={answer} onChange={(event) => setAnswer(event.target.value)} />
    </FormDialog>
  );
}
