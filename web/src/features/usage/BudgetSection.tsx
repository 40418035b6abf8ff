// Budgets: the body's, and those that a department or a person has.
import { useState } from 'react';
import { usage as api, users } from '../../api';
import type { UsageBudget } from '../../api/types';
import { Button, IconButton } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Table } from '../../components/Table/Table';
import { formatNumber, formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { useSession } from '../session/session';
import { usageTexts as t } from './messages';

export function BudgetSection({ onChange }: { onChange: () => void }) {
  const { data, error, reload } = useLoad(() => api.budgets(), []);
  const [editing, setEditing] = useState<UsageBudget | 'new' | null>(null);
  const action = useAction();
  const done = async () => {
    setEditing(null);
    await reload();
    onChange();
  };
  const remove = (budget: UsageBudget) =>
    void action.run(async () => {
      await api.setBudget({ scope: budget.scope, target: budget.target || undefined });
      await done();
    });
  return (
    <section className="section" aria-labelledby="usage-budgets">
      <h2 id="usage-budgets">{t.budgets}</h2>
      <p>{t.budgetsLead}</p>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {action.error !== null && <ErrorNotice error={action.error} />}
      {data && (
        <Table caption={t.budgets} columns={Object.values(t.budgetColumns)}>
          {data.items.map((budget) => (
            <tr key={budget.scope + budget.target}>
              <th scope="row">{t.scopes[budget.scope]}</th>
              <td>{budget.name}</td>
              <td className="number-cell">{formatNumber(budget.monthly)}</td>
              <td>{budget.is_default ? t.isDefault : `${budget.set_by} ${formatTime(budget.set_at)}`}</td>
              <td>
                <div className="table-actions">
                  <Button size="small" icon="edit" aria-label={t.changeOf(budget.name)} onClick={() => setEditing(budget)}>
                    {t.change}
                  </Button>
                  {!budget.is_default && <IconButton icon="trash" label={t.removeOf(budget.name)} onClick={() => remove(budget)} />}
                </div>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <div>
        <Button icon="add" onClick={() => setEditing('new')}>
          {t.addBudget}
        </Button>
      </div>
      {editing !== null && <BudgetDialog budget={editing === 'new' ? null : editing} onClose={() => setEditing(null)} onDone={done} />}
    </section>
  );
}

function BudgetDialog({ budget, onClose, onDone }: { budget: UsageBudget | null; onClose: () => void; onDone: () => Promise<void> }) {
  const { session } = useSession();
  const mayListPeople = session.user.powers.includes('users.manage');
  const [scope, setScope] = useState(budget?.scope ?? 'department');
  const [target, setTarget] = useState(budget?.target ?? '');
  const [monthly, setMonthly] = useState(budget ? String(budget.monthly) : '');
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const { data: choices, error: choicesError } = useLoad(
    async () => (!mayListPeople || scope === 'body' ? [] : scope === 'department' ? await users.departments() : await users.list()),
    [scope],
  );
  const wrong = !/^\d{1,13}$/.test(monthly) || Number(monthly) > 1e12;
  const send = () => {
    setTried(true);
    if (wrong || (scope !== 'body' && target === '')) return;
    void run(async () => {
      await api.setBudget({ scope, target: scope === 'body' ? undefined : target, monthly: Number(monthly) });
      await onDone();
    });
  };
  return (
    <FormDialog title={t.dialogTitle} submit={t.addBudget} busy={busy} onSubmit={send} onClose={onClose}>
      {error !== null && <ErrorNotice error={error} />}
      {choicesError !== null && <ErrorNotice error={choicesError} />}
      {budget ? (
        <p>{`${t.scopes[budget.scope] ?? budget.scope}：${budget.name}`}</p>
      ) : (
        <SelectField
          label={t.scope}
          value={scope}
          onChange={(event) => {
            setScope(event.target.value);
            setTarget('');
          }}
        >
          {Object.entries(t.scopes).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      {!budget && scope !== 'body' && (
        <SelectField
          label={t.target}
          value={target}
          error={tried && target === '' ? t.targetMissing : undefined}
          onChange={(event) => setTarget(event.target.value)}
        >
          <option value="" />
          {(choices ?? []).map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </SelectField>
      )}
      <TextField
        label={t.monthly}
        inputMode="numeric"
        value={monthly}
        required
        error={tried && wrong ? t.monthlyMissing : undefined}
        onChange={(event) => setMonthly(event.target.value.replaceAll(/[,，\s]/g, ''))}
      />
    </FormDialog>
  );
}
