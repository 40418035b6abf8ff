// One version: its clause tree, what the import repaired, and what the check of its structure found.
import { useState } from 'react';
import { policies as api, type PolicyClause, type PolicyRepair, type PolicyTree } from '../../api/policies';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { TextArea, TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { DraftPart } from './DraftPart';
import { VersionFiles } from './Interchange';
import { policyTexts as t } from './messages';
import { OpinionsPart } from './OpinionsPart';
import { versionTexts } from './versionMessages';
import './Policies.css';

export default function PolicyPage({ id }: { id: string }) {
  const { data: tree, error, loading, reload } = useLoad(() => api.tree(id), [id]);
  const { data: list } = useLoad(() => api.list(), []);
  const state = list?.items.flatMap((document) => document.versions).find((version) => version.id === id)?.state;
  const editable = state === 'draft' || state === 'opinions' || state === 'committee';
  const mayManage = (list?.may_manage ?? false) && editable;
  return (
    <Page title={tree ? `${tree.title}　${t.versionName(tree.number)}` : t.title} lead={tree ? t.attributed(tree.attributed, tree.clauses.length) : undefined}>
      <p>
        <Link href="/admin/policies">{t.back}</Link>　<Link href={`/admin/policies/${id}/meanings`}>{t.toMeanings}</Link>
        {tree && (
          <>
            {'　'}
            <Link href={`/admin/policies/documents/${tree.document}`}>{versionTexts.documentLink}</Link>
          </>
        )}
        {state && <>　{versionTexts.state[state]}</>}
      </p>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !tree && <Spinner />}
      {tree && <Repairs tree={tree} mayManage={mayManage} onChange={() => void reload()} />}
      {tree && <VersionFiles version={tree.version} mayManage={list?.may_manage ?? false} onChange={() => void reload()} />}
      {tree && <Findings tree={tree} />}
      {tree && state && <OpinionsPart version={tree.version} clauses={tree.clauses} mayGive={state === 'opinions'} mayAnswer={list?.may_manage ?? false} />}
      {tree && mayManage && <DraftPart version={tree.version} clauses={tree.clauses} onChange={() => void reload()} />}
      {tree && <Clauses tree={tree} mayManage={mayManage} onChange={() => void reload()} />}
    </Page>
  );
}

function Repairs({ tree, mayManage, onChange }: { tree: PolicyTree; mayManage: boolean; onChange: () => void }) {
  const { busy, error, run } = useAction();
  const decide = (repair: PolicyRepair, state: 'confirmed' | 'rejected') =>
    void run(async () => {
      await api.decide(tree.version, repair.repair, state);
      onChange();
    });
  return (
    <section className="policy-part">
      <h2>{t.repairs}</h2>
      {error !== null && <ErrorNotice error={error} />}
      {tree.repairs.length === 0 ? (
        <p>{t.noRepairs}</p>
      ) : (
        <>
          <p>{t.repairsLead}</p>
          <Table caption={t.repairs} columns={t.repairColumns}>
            {tree.repairs.map((repair) => (
              <tr key={repair.repair}>
                <td data-label={t.repairColumns[0]}>{repair.line}</td>
                <td data-label={t.repairColumns[1]}>{t.repairKinds[repair.kind] ?? repair.kind}</td>
                <td data-label={t.repairColumns[2]} className="policy-text">{repair.from}</td>
                <td data-label={t.repairColumns[3]} className="policy-text">{repair.to === '' ? t.dropped : repair.to}</td>
                <td data-label={t.repairColumns[4]}>{repair.ref}</td>
                <td data-label={t.repairColumns[5]}>
                  {repair.state !== 'open' && t.decided[repair.state]}
                  {repair.state === 'open' && mayManage && (
                    <span className="policy-actions">
                      <Button kind="outline" disabled={busy} aria-label={t.decideOn(t.confirm, repair.line)} onClick={() => decide(repair, 'confirmed')}>
                        {t.confirm}
                      </Button>
                      <Button kind="outline" disabled={busy} aria-label={t.decideOn(t.reject, repair.line)} onClick={() => decide(repair, 'rejected')}>
                        {t.reject}
                      </Button>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </section>
  );
}

function Findings({ tree }: { tree: PolicyTree }) {
  return (
    <section className="policy-part">
      <h2>{t.findings}</h2>
      {tree.findings.length === 0 && <p>{t.noFindings}</p>}
      <ul>
        {tree.findings.map((finding, at) => (
          <li key={at}>
            <b>{finding.ref}</b>　{t.findingKinds[finding.kind] ?? finding.kind}：{finding.detail}
          </li>
        ))}
      </ul>
    </section>
  );
}

function depths(clauses: PolicyClause[]): number[] {
  const at = new Map<string, number>();
  return clauses.map((clause) => {
    const depth = clause.parent === null ? 0 : (at.get(clause.parent) ?? 0) + 1;
    at.set(clause.id, depth);
    return depth;
  });
}

function Clauses({ tree, mayManage, onChange }: { tree: PolicyTree; mayManage: boolean; onChange: () => void }) {
  const [editing, setEditing] = useState<PolicyClause | null>(null);
  const depth = depths(tree.clauses);
  return (
    <section className="policy-part">
      <h2>{t.tree}</h2>
      <ol className="policy-tree">
        {tree.clauses.map((clause, at) => (
          <li key={clause.id} style={{ paddingInlineStart: `${Math.min(depth[at] ?? 0, 8) * 1.5}rem` }}>
            <b>{clause.ref}</b> {clause.title}
            {clause.label !== clause.corrected && clause.kind === 'clause' && <small>　{t.printed(clause.label)}</small>}
            {clause.edited_by && <small>　{t.edited(clause.edited_by)}</small>}
            {clause.text !== '' && <p className="policy-text">{clause.text}</p>}
            <details>
              <summary>{t.raw}</summary>
              <p className="policy-text">{clause.raw}</p>
            </details>
            {mayManage && (
              <Button kind="outline" aria-label={t.editOf(clause.ref)} onClick={() => setEditing(clause)}>
                {t.edit}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {editing && (
        <EditDialog
          version={tree.version}
          clause={editing}
          onClose={(changed) => {
            setEditing(null);
            if (changed) onChange();
          }}
        />
      )}
    </section>
  );
}

function EditDialog({ version, clause, onClose }: { version: string; clause: PolicyClause; onClose: (changed: boolean) => void }) {
  const numbered = clause.kind === 'clause' || clause.kind === 'structure';
  const [label, setLabel] = useState(clause.corrected);
  const [title, setTitle] = useState(clause.title);
  const [text, setText] = useState(clause.text);
  const { busy, error, run } = useAction();
  const save = () =>
    void run(async () => {
      await api.edit(version, clause.id, { ...(numbered && label !== clause.corrected ? { label } : {}), title, text });
      onClose(true);
    });
  return (
    <FormDialog title={t.editOf(clause.ref)} submit={t.saveEdit} busy={busy} onSubmit={save} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      {numbered && <TextField label={t.editLabel} value={label} onChange={(event) => setLabel(event.target.value)} />}
      <TextField label={t.editTitle} value={title} onChange={(event) => setTitle(event.target.value)} />
      <TextArea label={t.editText} rows={8} value={text} onChange={(event) => setText(event.target.value)} />
    </FormDialog>
  );
}
