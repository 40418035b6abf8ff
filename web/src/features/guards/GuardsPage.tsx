import { useState } from 'react';
import { endpoints as endpointApi, guards as api } from '../../api';
import type { GuardRule } from '../../api/types';
import { Button, IconButton } from '../../components/Button/Button';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { useWords } from '../organisation/words';
import { guardTexts as t, kindName } from './messages';
import { NgWordSection } from './NgWordSection';
import { RuleDialog } from './RuleDialog';
import './Guards.css';

export default function GuardsPage() {
  const { data, error, loading, reload } = useLoad(() => api.rules(), []);
  const { data: endpoints } = useLoad(() => endpointApi.list(), []);
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  const action = useAction();
  const replace = (rules: GuardRule[]) =>
    void action.run(async () => {
      await api.replaceRules(rules);
      await reload();
    });
  const nameOf = (id: string) => (id === 'extractive' ? t.builtIn : (endpoints?.find((endpoint) => endpoint.id === id)?.name ?? id));
  const own = data?.own ?? [];
  return (
    <Page
      title={t.title}
      lead={t.lead}
      actions={
        <Button kind="solid" icon="add" disabled={!data} onClick={() => setEditing('new')}>
          {t.add}
        </Button>
      }
    >
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {action.error !== null && <ErrorNotice error={action.error} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <section className="section guard-rules" aria-labelledby="own-rules">
            <h2 id="own-rules">{t.own}</h2>
            {own.length === 0 ? (
              <p className="empty">{t.noOwn}</p>
            ) : (
              <Table caption={t.own} columns={Object.values(t.columns)}>
                {own.map((rule, n) => (
                  <tr key={n}>
                    <RuleCells rule={rule} nameOf={nameOf} />
                    <td>
                      <div className="table-actions">
                        <Button size="small" icon="edit" aria-label={t.editRule(n + 1)} onClick={() => setEditing(n)}>
                          {ja.edit}
                        </Button>
                        {n > 0 && (
                          <Button
                            size="small"
                            disabled={action.busy}
                            aria-label={`${t.ruleOf(n + 1)}：${t.up}`}
                            onClick={() => replace(moved(own, n))}
                          >
                            {t.up}
                          </Button>
                        )}
                        <IconButton icon="trash" label={t.removeRule(n + 1)} onClick={() => replace(own.filter((_, k) => k !== n))} />
                      </div>
                    </td>
                  </tr>
                ))}
              </Table>
            )}
          </section>
          <section className="section guard-rules" aria-labelledby="standard-rules">
            <h2 id="standard-rules">{t.standard}</h2>
            <Table caption={t.standard} columns={Object.values(t.columns).slice(0, -1)}>
              {data.standard.map((rule, n) => (
                <tr key={n}>
                  <RuleCells rule={rule} nameOf={nameOf} />
                </tr>
              ))}
            </Table>
          </section>
        </>
      )}
      <NgWordSection />
      {data && editing !== null && (
        <RuleDialog
          rule={editing === 'new' ? null : (own[editing] ?? null)}
          kinds={data.kinds}
          endpoints={endpoints ?? []}
          onClose={() => setEditing(null)}
          onSave={async (rule) => {
            await api.replaceRules(editing === 'new' ? [...own, rule] : own.map((old, n) => (n === editing ? rule : old)));
            setEditing(null);
            await reload();
          }}
        />
      )}
    </Page>
  );
}

function moved(rules: GuardRule[], n: number): GuardRule[] {
  const rule = rules[n];
  const before = rules[n - 1];
  return rule && before ? [...rules.slice(0, n - 1), rule, before, ...rules.slice(n + 1)] : rules;
}

function RuleCells({ rule, nameOf }: { rule: GuardRule; nameOf: (id: string) => string }) {
  const words = useWords();
  const segments = (codes: string[]) => codes.map(words.segment).join('、');
  const where = [
    rule.parts.length > 0 ? `${t.part}：${rule.parts.map((part) => t.parts[part] ?? part).join('、')}` : '',
    rule.segments.length > 0 ? `${t.segment}：${segments(rule.segments)}` : '',
    rule.accepts.length > 0 ? `${t.accepts}：${segments(rule.accepts)}` : '',
    rule.endpoint !== '' ? `${t.endpoint}：${nameOf(rule.endpoint)}` : '',
    rule.least > 1 ? `${t.least}：${rule.least}` : '',
  ].filter(Boolean);
  return (
    <>
      <td data-label={t.columns.kinds}>{rule.kinds.includes('*') ? t.all : rule.kinds.map(kindName).join('、')}</td>
      <td data-label={t.columns.where}>{where.length > 0 ? where.map((line) => <div key={line}>{line}</div>) : t.all}</td>
      <td data-label={t.columns.action}>
        {t.actions[rule.action] ?? rule.action}
        {rule.raise_to > 0 && <div className="meta">{t.raiseTo(words.confidentiality(rule.raise_to))}</div>}
      </td>
      <td data-label={t.columns.basis}>
        {rule.clause}
        <div className="meta">{rule.who_can_permit}</div>
      </td>
    </>
  );
}
