// What the clauses of one version ask for: filtered, chosen, confirmed many at once, or changed one by one.
import { useState } from 'react';
import { meanings as api, type MeaningFilter, type MeaningState, type PolicyMeaning, type PolicyMeanings } from '../../api/meanings';
import { Button } from '../../components/Button/Button';
import { FormDialog } from '../../components/Dialog/Dialog';
import { Checkbox, SelectField, TextField } from '../../components/Field/Field';
import { ErrorNotice, Notice } from '../../components/Notice/Notice';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link } from '../../lib/router';
import { useAction } from '../../lib/useAction';
import { useLoad } from '../../lib/useLoad';
import { meaningTexts as t } from './meaningMessages';
import { policyTexts } from './messages';
import './Policies.css';

export default function MeaningsPage({ id }: { id: string }) {
  const [filter, setFilter] = useState<MeaningFilter>({ state: '', kind: '', capability: '' });
  const { data: list, error, loading, reload } = useLoad(() => api.list(id, filter), [id, filter]);
  return (
    <Page title={list ? `${t.title}　${list.title}　${policyTexts.versionName(list.number)}` : t.title} lead={t.lead}>
      <p>
        <Link href={`/admin/policies/${id}`}>{t.back}</Link>
      </p>
      {error !== null && <ErrorNotice error={error} onRetry={() => void reload()} />}
      {loading && !list && <Spinner />}
      {list && (
        <>
          <Filters list={list} filter={filter} onChange={setFilter} />
          <Meanings key={JSON.stringify(filter)} list={list} onChange={() => void reload()} />
        </>
      )}
    </Page>
  );
}

function Filters({ list, filter, onChange }: { list: PolicyMeanings; filter: MeaningFilter; onChange: (filter: MeaningFilter) => void }) {
  const choices: { field: keyof MeaningFilter; values: [string, string][] }[] = [
    { field: 'state', values: Object.entries(t.states) },
    { field: 'kind', values: Object.entries(t.kinds) },
    { field: 'capability', values: list.capabilities.map((one) => [one, capabilityName(one)]) },
  ];
  return (
    <section className="policy-part">
      <h2>{t.filter}</h2>
      <p>{t.counts(list.counts)}</p>
      <div className="policy-choices">
        {choices.map(({ field, values }) => (
          <SelectField key={field} label={t[field]} value={filter[field]} onChange={(event) => onChange({ ...filter, [field]: event.target.value })}>
            <option value="">{t.all}</option>
            {values.map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </SelectField>
        ))}
      </div>
    </section>
  );
}

export function capabilityName(capability: string): string {
  return t.capabilities[capability] ?? capability;
}

function Meanings({ list, onChange }: { list: PolicyMeanings; onChange: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [changing, setChanging] = useState<PolicyMeaning | null>(null);
  const [notice, setNotice] = useState('');
  const { busy, error, run } = useAction();
  const decide = (state: MeaningState) => {
    const items = list.items.filter((one) => chosen.has(one.clause)).map((one) => ({ clause: one.clause, hash: one.hash, state }));
    if (items.length === 0) {
      setNotice(t.noneChosen);
      return;
    }
    void run(async () => {
      const done = await api.decide(list.version, items);
      setNotice(t.decided(done.decided));
      setChosen(new Set());
      onChange();
    });
  };
  const toggle = (clause: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(clause);
    else next.delete(clause);
    setChosen(next);
  };
  return (
    <section className="policy-part">
      <h2>{t.shown(list.items.length)}</h2>
      {error !== null && <ErrorNotice error={error} />}
      <div role="status">{notice !== '' && <Notice tone="info">{notice}</Notice>}</div>
      {list.may_manage && list.items.length > 0 && (
        <>
          <Checkbox
            label={t.chooseAll}
            checked={chosen.size === list.items.length}
            onChange={(event) => setChosen(new Set(event.target.checked ? list.items.map((one) => one.clause) : []))}
          />
          <div className="policy-actions">
            <Button kind="solid" disabled={busy} onClick={() => decide('confirmed')}>
              {t.confirm(chosen.size)}
            </Button>
            <Button kind="outline" disabled={busy} onClick={() => decide('refused')}>
              {t.refuse(chosen.size)}
            </Button>
            <Button kind="outline" disabled={busy} onClick={() => decide('suggested')}>
              {t.withdraw(chosen.size)}
            </Button>
          </div>
        </>
      )}
      {list.items.length === 0 ? (
        <p>{t.empty}</p>
      ) : (
        <Table caption={t.title} columns={list.may_manage ? t.columns : t.columnsRead}>
          {list.items.map((one) => (
            <Row key={one.clause} meaning={one} chosen={chosen.has(one.clause)} managed={list.may_manage} onToggle={toggle} onEdit={() => setChanging(one)} />
          ))}
        </Table>
      )}
      {changing && (
        <ChangeDialog
          list={list}
          meaning={changing}
          onClose={(changed) => {
            setChanging(null);
            if (changed) onChange();
          }}
        />
      )}
    </section>
  );
}

interface RowProps {
  meaning: PolicyMeaning;
  chosen: boolean;
  managed: boolean;
  onToggle: (clause: string, on: boolean) => void;
  onEdit: () => void;
}

function Row({ meaning: m, chosen, managed, onToggle, onEdit }: RowProps) {
  return (
    <tr>
      {managed && (
        <td>
          <input type="checkbox" aria-label={t.chooseOf(m.ref)} checked={chosen} onChange={(event) => onToggle(m.clause, event.target.checked)} />
        </td>
      )}
      <th scope="row" className="policy-words">
        {m.ref} {m.title}
        {m.text !== '' && <p className="policy-text">{m.text}</p>}
        {m.gist !== '' && <small>{t.like(m.gist)}</small>}
      </th>
      <td>{t.modalities[m.modality] ?? m.modality}</td>
      <td>{m.actor_name}</td>
      <td>{m.object}</td>
      <td>
        {t.kinds[m.kind] ?? m.kind}
        <br />
        {capabilityName(m.capability)}
      </td>
      <td>
        {t.states[m.state]}
        {m.stale && `（${t.states['stale']}）`}
        {m.decided_by && <small>　{t.by(m.decided_by)}</small>}
      </td>
      {managed && (
        <td>
          <Button kind="outline" aria-label={t.changeOf(m.ref)} onClick={onEdit}>
            {t.change}
          </Button>
        </td>
      )}
    </tr>
  );
}

function ChangeDialog({ list, meaning, onClose }: { list: PolicyMeanings; meaning: PolicyMeaning; onClose: (changed: boolean) => void }) {
  const [modality, setModality] = useState(meaning.modality || 'must');
  const [actor, setActor] = useState(meaning.actor || '@body');
  const [object, setObject] = useState(meaning.object);
  const [kind, setKind] = useState(meaning.kind || 'document');
  const [capability, setCapability] = useState(meaning.capability || 'policy-versioning');
  const { busy, error, run } = useAction();
  const save = () =>
    void run(async () => {
      await api.decide(list.version, [{ clause: meaning.clause, hash: meaning.hash, state: 'confirmed', modality, actor, object, kind, capability }]);
      onClose(true);
    });
  const known = list.actors.some((one) => one.code === actor);
  return (
    <FormDialog title={t.changeOf(meaning.ref)} submit={t.save} busy={busy} onSubmit={save} onClose={() => onClose(false)}>
      {error !== null && <ErrorNotice error={error} />}
      <SelectField label={t.modality} value={modality} onChange={(event) => setModality(event.target.value)}>
        {options(Object.entries(t.modalities))}
      </SelectField>
      <SelectField label={t.actor} hint={t.actorHint} value={known ? actor : ''} onChange={(event) => setActor(event.target.value)}>
        <option value="">{policyTexts.choose}</option>
        {options(list.actors.map((one) => [one.code, one.name]))}
      </SelectField>
      <TextField label={t.otherActor} value={known ? '' : actor} onChange={(event) => setActor(event.target.value)} />
      <TextField label={t.object} value={object} onChange={(event) => setObject(event.target.value)} />
      <SelectField label={t.kind} value={kind} onChange={(event) => setKind(event.target.value)}>
        {options(Object.entries(t.kinds))}
      </SelectField>
      <SelectField label={t.capability} value={capability} onChange={(event) => setCapability(event.target.value)}>
        {options(list.capabilities.map((one) => [one, capabilityName(one)]))}
      </SelectField>
    </FormDialog>
  );
}

function options(values: [string, string][]) {
  return values.map(([value, name]) => (
    <option key={value} value={value}>
      {name}
    </option>
  ));
}
