// The yearly review: topics of the national guideline beside the clauses of the body's policy, gaps on either side, and the levels' crosswalk.
import { useState } from 'react';
import { meanings as api, type GuidelineClause, type GuidelineReview, type GuidelineTopic, type MeaningState } from '../../api/meanings';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { Checkbox, SelectField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { guidelineTexts as t } from './meaningMessages';
import { policyTexts } from './messages';
import './Policies.css';

export default function GuidelinePage() {
  const { data: review, error, loading, reload } = useLoad(() => api.guideline(), []);
  const action = useAction();
  const decide = (clause: GuidelineClause, item: string, state: MeaningState) =>
    void action.run(async () => {
      await api.map(clause.version, clause.clause, item, state);
      await reload();
    });
  return (
    <Page title={t.title} lead={t.lead}>
      <p>
        <Link href="/admin/policies">{t.back}</Link>
      </p>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {action.error !== null && <ErrorNotice error={action.error} />}
      {loading && !review && <Spinner />}
      {review && (
        <>
          <p>{t.source(review.source)}</p>
          <p>{review.versions.length === 0 ? t.none : t.looked(review.versions.map((one) => `${one.title}　${policyTexts.versionName(one.number)}`))}</p>
          <Topics review={review} busy={action.busy} onDecide={decide} />
          <Unmapped review={review} busy={action.busy} onDecide={decide} />
          <Crosswalk review={review} />
        </>
      )}
    </Page>
  );
}

interface PartProps {
  review: GuidelineReview;
  busy: boolean;
  onDecide: (clause: GuidelineClause, item: string, state: MeaningState) => void;
}

function Topics({ review, busy, onDecide }: PartProps) {
  const [gapsOnly, setGapsOnly] = useState(false);
  const shown = review.topics.filter((topic) => !gapsOnly || topic.clauses.length === 0);
  return (
    <section className="policy-part">
      <h2>{t.topics}</h2>
      <p role="status">{t.gaps(review.gaps, review.topics.length)}</p>
      <Checkbox label={t.gapsOnly} checked={gapsOnly} onChange={(event) => setGapsOnly(event.target.checked)} />
      <Table caption={t.topics} columns={t.columns}>
        {shown.map((topic) => (
          <tr key={topic.code}>
            <td>{topic.code}</td>
            <th scope="row">
              {topic.section_title}：{topic.topic}
            </th>
            <td>
              {topic.clauses.length === 0 ? t.gap : <Clauses topic={topic} managed={review.may_manage} busy={busy} onDecide={onDecide} />}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Clauses({ topic, managed, busy, onDecide }: { topic: GuidelineTopic; managed: boolean; busy: boolean; onDecide: PartProps['onDecide'] }) {
  return (
    <ul className="policy-mapped">
      {topic.clauses.map((clause) => (
        <li key={`${clause.version}${clause.clause}`}>
          <b>{clause.ref}</b> {clause.words}（{clause.state === 'confirmed' ? t.confirmed : t.suggested}）
          {managed && (
            <span className="policy-actions">
              {clause.state !== 'confirmed' && (
                <Button kind="outline" disabled={busy} aria-label={t.confirmOf(clause.ref, topic.code)} onClick={() => onDecide(clause, topic.code, 'confirmed')}>
                  {t.confirm}
                </Button>
              )}
              <Button kind="outline" disabled={busy} aria-label={t.refuseOf(clause.ref, topic.code)} onClick={() => onDecide(clause, topic.code, 'refused')}>
                {t.refuse}
              </Button>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Unmapped({ review, busy, onDecide }: PartProps) {
  const [adding, setAdding] = useState<GuidelineClause | null>(null);
  const [item, setItem] = useState('');
  return (
    <section className="policy-part">
      <h2>{t.unmapped}</h2>
      {review.unmapped.length === 0 && <p>{t.noUnmapped}</p>}
      <ul className="policy-mapped">
        {review.unmapped.map((clause) => (
          <li key={`${clause.version}${clause.clause}`}>
            <b>{clause.ref}</b> {clause.words}
            {review.may_manage && (
              <span className="policy-actions">
                <Button kind="outline" disabled={busy} aria-label={t.addOf(clause.ref)} onClick={() => setAdding(clause)}>
                  {t.add}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {adding && (
        <FormDialog
          title={t.addOf(adding.ref)}
          submit={t.save}
          busy={busy}
          onSubmit={() => {
            if (item !== '') onDecide(adding, item, 'confirmed');
            setAdding(null);
          }}
          onClose={() => setAdding(null)}
        >
          <SelectField label={t.topic} value={item} onChange={(event) => setItem(event.target.value)}>
            <option value="">{policyTexts.choose}</option>
            {review.topics.map((topic) => (
              <option key={topic.code} value={topic.code}>
                {topic.code}　{topic.section_title}：{topic.topic}
              </option>
            ))}
          </SelectField>
        </FormDialog>
      )}
    </section>
  );
}

function Crosswalk({ review }: { review: GuidelineReview }) {
  return (
    <section className="policy-part">
      <h2>{t.crosswalk}</h2>
      <p>{t.crosswalkLead}</p>
      <Table caption={t.crosswalk} columns={t.crosswalkColumns}>
        {review.crosswalk.map((pair) => (
          <tr key={pair.three}>
            <th scope="row">{pair.three}</th>
            <td>{pair.five.join('、')}</td>
            <td>{pair.note}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
