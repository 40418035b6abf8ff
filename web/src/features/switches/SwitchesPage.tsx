// What cases of the security office switch in the product, and what the body wants switched.
import { useState } from 'react';
import { switches as api } from '../../api';
import { office } from '../../api/office';
import type { Switch, SwitchWish } from '../../api/types';
import { Button } from '../../components/Button/Button';
import { CheckGroup, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { formatTime } from '../../lib/format';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { switchTexts as t } from './messages';

export default function SwitchesPage() {
  const { data, error, loading, reload } = useLoad(() => api.list(), []);
  const standing = data?.items.filter((item) => !item.ended_at) ?? [];
  const over = data?.items.filter((item) => item.ended_at) ?? [];
  return (
    <Page title={t.title} lead={t.lead}>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !data && <Spinner />}
      {data && (
        <>
          <section className="section" aria-labelledby="switches-standing">
            <h2 id="switches-standing">{t.standing}</h2>
            {standing.length === 0 ? <p className="empty">{t.none}</p> : <Rows caption={t.standing} columns={t.columns} items={standing} />}
          </section>
          {data.may_configure && <WishForm wish={data.wish} onSaved={() => void reload()} />}
          {over.length > 0 && (
            <section className="section" aria-labelledby="switches-over">
              <h2 id="switches-over">{t.over}</h2>
              <Rows caption={t.over} columns={t.overColumns} items={over} />
            </section>
          )}
        </>
      )}
    </Page>
  );
}

function Rows({ caption, columns, items }: { caption: string; columns: Record<string, string>; items: Switch[] }) {
  return (
    <Table caption={caption} columns={Object.values(columns)}>
      {items.map((item) => (
        <tr key={item.id}>
          <th scope="row">
            {item.title}
            {item.value !== '' && <div>{t.values[item.value] ?? item.value}</div>}
            <div className="meta">{t.clause(item.clause)}</div>
          </th>
          <td>{item.person_name || item.unit || t.everybody}</td>
          <td>
            {item.until || item.ended_at ? t.until(formatTime(item.since), formatTime(item.ended_at ?? item.until)) : t.open(formatTime(item.since))}
            {!item.on && !item.ended_at && <div className="meta">{item.until && item.until <= new Date().toISOString() ? t.expired : t.waits}</div>}
          </td>
          <td>
            <Link href={`/office/cases/${item.about}`}>{item.number}</Link>
          </td>
          <td>{item.ended_by ?? item.set_by}</td>
        </tr>
      ))}
    </Table>
  );
}

function WishForm({ wish, onSaved }: { wish: SwitchWish; onSaved: () => void }) {
  const [value, setValue] = useState(wish);
  const [months, setMonths] = useState(wish.training_months?.toString() ?? '');
  const [wrong, setWrong] = useState('');
  const [saved, setSaved] = useState(false);
  const { busy, error, run } = useAction();
  // The kinds of training are those of the register itself.
  const kinds = useLoad(() => office.definition('training-sessions'), []).data?.definition.fields.find((field) => field.key === 'kind')?.choices ?? [];
  const change = (part: Partial<SwitchWish>) => {
    setSaved(false);
    setValue({ ...value, ...part });
  };
  const save = () => {
    const number = months.trim() === '' ? null : Number(months.normalize('NFKC'));
    const bad = number !== null && !(Number.isInteger(number) && number >= 1 && number <= 120);
    setWrong(bad ? t.monthsWrong : '');
    if (bad) return;
    void run(async () => {
      await api.configure({ ...value, training_months: number });
      setSaved(true);
      onSaved();
    });
  };
  return (
    <section className="section" aria-labelledby="switches-wish">
      <h2 id="switches-wish">{t.wish}</h2>
      <p>{t.wishLead}</p>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {error !== null && <ErrorNotice error={error} />}
        {saved && (
          <Notice tone="success" role="status">
            <p>{t.saved}</p>
          </Notice>
        )}
        <TextField label={t.outside} hint={t.outsideHint} value={value.outside_networks} onChange={(event) => change({ outside_networks: event.target.value })} />
        <TextField label={t.privateNetworks} hint={t.privateHint} value={value.private_networks} onChange={(event) => change({ private_networks: event.target.value })} />
        <CheckGroup
          legend={t.training}
          options={kinds.map((kind) => ({ value: kind.key, label: kind.title }))}
          chosen={value.training}
          onChange={(training) => change({ training })}
        />
        <TextField label={t.months} hint={t.monthsHint} error={wrong} inputMode="numeric" value={months} onChange={(event) => setMonths(event.target.value)} />
        <TextField label={t.from} type="date" value={value.training_from ?? ''} onChange={(event) => change({ training_from: event.target.value || null })} />
        <Button type="submit" kind="solid" disabled={busy}>
          {ja.save}
        </Button>
      </form>
    </section>
  );
}
