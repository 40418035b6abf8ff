// How long records and conversations are kept, what will go and when, what is held.
import { useState } from 'react';
import { retention as api } from '../../api';
import type { Retention, RetentionHold, RetentionRule } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { SelectField, TextArea, TextField } from '../../components/Field/Field';
import { ErrorNotice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatBytes, formatNumber, formatTime } from '../../lib/format';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { useSession } from '../session/session';
import { retentionTexts as t } from './messages';

const kindOf = (kind: string) => (kind === '' ? t.anyKind : (t.kinds[kind] ?? kind));

export default function RetentionPage() {
  const { session } = useSession();
  const decides = session.user.powers.includes('decide.central');
  const { data, error, loading, reload, set } = useLoad(() => api.read(), []);
  const [rule, setRule] = useState<RetentionRule | null>(null);
  const [holding, setHolding] = useState(false);
  const [releasing, setReleasing] = useState<RetentionHold | null>(null);
  const done = (next: Retention | null) => {
    setRule(null);
    setHolding(false);
    setReleasing(null);
    if (next) set(() => next);
  };
  return (
    <Page title={t.title} lead={t.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <section className="section" aria-labelledby="retention-rules">
            <h2 id="retention-rules">{t.rules}</h2>
            <Table caption={t.rules} columns={columnsFor(t.ruleColumns, decides)}>
              {data.rules.map((each) => (
                <tr key={each.kind}>
                  <th scope="row">{kindOf(each.kind)}</th>
                  <td>{each.months === null ? t.undecided : t.months(each.months)}</td>
                  <td>{each.earliest || t.nothingThere}</td>
                  <td>{each.set_at ? `${each.set_by} ${formatTime(each.set_at)}` : ''}</td>
                  {decides && (
                    <td>
                      <Button size="small" icon="edit" aria-label={t.changeOf(kindOf(each.kind))} onClick={() => setRule(each)}>
                        {t.change}
                      </Button>
                    </td>
                  )}
                </tr>
              ))}
            </Table>
          </section>
          <PlanSection retention={data} />
          <section className="section" aria-labelledby="retention-holds">
            <h2 id="retention-holds">{t.holds}</h2>
            <p>{t.holdsLead}</p>
            <div>
              <Button icon="add" onClick={() => setHolding(true)}>
                {t.addHold}
              </Button>
            </div>
            {data.holds.length === 0 ? (
              <p className="empty">{t.noHolds}</p>
            ) : (
              <Table caption={t.holds} columns={columnsFor(t.holdColumns, decides)}>
                {data.holds.map((hold) => (
                  <tr key={hold.id}>
                    <th scope="row">
                      {kindOf(hold.kind)}
                      <div className="meta">{t.span(hold.from_month, hold.to_month)}</div>
                    </th>
                    <td>{[hold.incident, hold.reason].filter(Boolean).join('：')}</td>
                    <td>{`${hold.set_by} ${formatTime(hold.set_at)}`}</td>
                    <td>
                      {hold.released_at && `${hold.released_by} ${formatTime(hold.released_at)}`}
                      {hold.release_reason && <div className="meta">{hold.release_reason}</div>}
                    </td>
                    {decides && (
                      <td>
                        {!hold.released_at && (
                          <Button size="small" aria-label={t.releaseOf(kindOf(hold.kind))} onClick={() => setReleasing(hold)}>
                            {t.release}
                          </Button>
                        )}
                      </td>
                    )}
                  </tr>
                ))}
              </Table>
            )}
          </section>
          {data.erased.length > 0 && (
            <section className="section" aria-labelledby="retention-erased">
              <h2 id="retention-erased">{t.erased}</h2>
              <Table caption={t.erased} columns={Object.values(t.erasedColumns)}>
                {data.erased.map((each) => (
                  <tr key={each.month + each.kind}>
                    <th scope="row">{kindOf(each.kind)}</th>
                    <td>{each.month}</td>
                    <td>{formatTime(each.erased_at)}</td>
                    <td>{formatNumber(each.payloads)}</td>
                  </tr>
                ))}
              </Table>
            </section>
          )}
        </>
      )}
      {rule && <RuleDialog rule={rule} onClose={done} />}
      {holding && <HoldDialog onClose={done} />}
      {releasing && <ReleaseDialog hold={releasing} onClose={done} />}
    </Page>
  );
}

function columnsFor(columns: Record<string, string>, actions: boolean): string[] {
  return actions ? Object.values(columns) : Object.values(columns).slice(0, -1);
}

function PlanSection({ retention }: { retention: Retention }) {
  return (
    <section className="section" aria-labelledby="retention-plan">
      <h2 id="retention-plan">{t.plan}</h2>
      {retention.plan.length === 0 ? (
        <p className="empty">{t.planEmpty}</p>
      ) : (
        <Table caption={t.plan} columns={Object.values(t.planColumns)}>
          {retention.plan.map((each) => (
            <tr key={each.kind + each.month}>
              <th scope="row">{kindOf(each.kind)}</th>
              <td>{each.month || t.idle}</td>
              <td>{formatTime(each.due_at)}</td>
              <td>
                {each.count === null ? t.amountLater : t.amount(formatNumber(each.count), each.bytes === null ? '' : formatBytes(each.bytes))}
              </td>
              <td>{each.state === 'held' ? t.heldBy(each.held_by) : (t.states[each.state] ?? each.state)}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

type Close = (next: Retention | null) => void;

function RuleDialog({ rule, onClose }: { rule: RetentionRule; onClose: Close }) {
  const [months, setMonths] = useState(rule.months === null ? '' : String(rule.months));
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const wrong = months !== '' && (!/^\d{1,4}$/.test(months) || Number(months) < 1 || Number(months) > 1200);
  const send = () => {
    setTried(true);
    if (!wrong) void run(async () => onClose(await api.setRule(rule.kind, months === '' ? undefined : Number(months))));
  };
  return (
    <FormDialog title={t.ruleTitle} submit={t.save} busy={busy} onSubmit={send} onClose={() => onClose(null)}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{kindOf(rule.kind)}</p>
      <TextField
        label={t.monthsLabel}
        hint={t.monthsHint}
        inputMode="numeric"
        value={months}
        error={tried && wrong ? t.monthsWrong : undefined}
        onChange={(event) => setMonths(event.target.value.trim())}
      />
    </FormDialog>
  );
}

function HoldDialog({ onClose }: { onClose: Close }) {
  const [hold, setHold] = useState({ kind: '', from_month: '', to_month: '', incident: '', reason: '' });
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const missing = hold.reason.trim() === '';
  const send = () => {
    setTried(true);
    if (!missing) void run(async () => onClose(await api.hold(hold)));
  };
  const field = (name: keyof typeof hold) => ({
    value: hold[name],
    onChange: (event: { target: { value: string } }) => setHold((old) => ({ ...old, [name]: event.target.value })),
  });
  return (
    <FormDialog title={t.holdTitle} submit={t.addHold} busy={busy} onSubmit={send} onClose={() => onClose(null)}>
      {error !== null && <ErrorNotice error={error} />}
      <SelectField label={t.holdKind} {...field('kind')}>
        <option value="">{t.anyKind}</option>
        {Object.entries(t.kinds).map(([kind, name]) => (
          <option key={kind} value={kind}>
            {name}
          </option>
        ))}
      </SelectField>
      <TextField label={t.fromMonth} type="month" {...field('from_month')} />
      <TextField label={t.toMonth} type="month" {...field('to_month')} />
      <TextField label={t.incident} {...field('incident')} />
      <TextArea label={t.reason} required rows={3} error={tried && missing ? t.reasonMissing : undefined} {...field('reason')} />
    </FormDialog>
  );
}

function ReleaseDialog({ hold, onClose }: { hold: RetentionHold; onClose: Close }) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const { busy, error, run } = useAction();
  const missing = reason.trim() === '';
  const send = () => {
    setTried(true);
    if (!missing) void run(async () => onClose(await api.release(hold.id, reason.trim())));
  };
  return (
    <FormDialog title={t.releaseTitle} submit={t.release} busy={busy} danger onSubmit={send} onClose={() => onClose(null)}>
      {error !== null && <ErrorNotice error={error} />}
      <p>{`${kindOf(hold.kind)} ${t.span(hold.from_month, hold.to_month)}`}</p>
      <TextArea
        label={t.releaseReason}
        required
        rows={3}
        value={reason}
        error={tried && missing ? t.reasonMissing : undefined}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}
