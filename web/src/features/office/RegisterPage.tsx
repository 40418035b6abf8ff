// The cases of one register or workflow, with the columns and filters of its definition.
import { useState, type FormEvent } from 'react';
import { office as api, type OfficeDefinitionView, type OfficeItem } from '../../api/office';
import { Button, ButtonLink } from '../../components/Button/Button';
import { SelectField, TextField } from '../../components/Field/Field';
import { Page } from '../../components/Shell/Page';
import { Spinner } from '../../components/Spinner/Spinner';
import { Table } from '../../components/Table/Table';
import { Link, navigate, useLocation } from '../../lib/router';
import { useLoad } from '../../lib/useLoad';
import { ja } from '../../messages/ja';
import { ExportForm } from './ExportForm';
import { addressOf, filterFields, filtersOf, kNoFilters, queryOf, type Filters } from './listQuery';
import { ledgerTexts } from './ledgerMessages';
import { officeTexts as t } from './messages';
import { NamesProvider, useNames } from './names';
import { OfficeError } from './OfficeError';
import { sheetTexts } from './sheetMessages';
import { Due, StateTag } from './StateTag';
import { usePages } from './usePages';
import './Office.css';

const kNoNames = {};

export default function RegisterPage({ name }: { name: string }) {
  const { data, error, reload } = useLoad(() => api.definition(name), [name]);
  const { params } = useLocation();
  const filters = filtersOf(params);
  return (
    <Page
      title={data?.definition.title ?? t.title}
      lead={data?.definition.summary ?? undefined}
      actions={
        data && (
          <>
            {data.may_open && (
              <ButtonLink href={`/office/registers/${name}/new`} kind="solid" icon="add">
                {t.open}
              </ButtonLink>
            )}
            {data.definition.fields.some((field) => field.rows) && <ButtonLink href={`/office/registers/${name}/sheet`}>{sheetTexts.open}</ButtonLink>}
            {data.may_open && <ButtonLink href={`/office/registers/${name}/import`}>{ledgerTexts.import}</ButtonLink>}
          </>
        )
      }
    >
      <p>
        <Link href="/office">{t.back}</Link>
      </p>
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!data && error === null && <Spinner />}
      {data && (
        <NamesProvider known={kNoNames} departments>
          <FilterForm key={addressOf('', filters)} view={data} filters={filters} />
          <ExportForm name={name} asked={queryOf(filters, null)} title={ledgerTexts.export} />
          <Cases view={data} filters={filters} />
        </NamesProvider>
      )}
    </Page>
  );
}

function FilterForm({ view, filters }: { view: OfficeDefinitionView; filters: Filters }) {
  const { definition } = view;
  const [asked, setAsked] = useState(filters);
  const { departments } = useNames();
  const set = (change: Partial<Filters>) => setAsked((old) => ({ ...old, ...change }));
  const base = `/office/registers/${definition.id}`;
  const send = (event: FormEvent) => {
    event.preventDefault();
    navigate(addressOf(base, asked));
  };
  const options = (list: { key: string; title: string }[]) =>
    list.map((one) => (
      <option key={one.key} value={one.key}>
        {one.title}
      </option>
    ));
  const fields = filterFields(definition);
  const field = fields.find((one) => one.key === asked.field);
  const values =
    field?.type === 'yes_no'
      ? [
          { key: 'true', title: t.yes },
          { key: 'false', title: t.no },
        ]
      : field?.type === 'department'
        ? departments.map((unit) => ({ key: unit.id, title: unit.name }))
        : (field?.choices ?? null);
  return (
    <form className="form" role="search" aria-label={t.filterTitle} onSubmit={send}>
      <div className="office-row">
        <SelectField label={t.kind} value={asked.kind} onChange={(event) => set({ kind: event.target.value })}>
          <option value="">{t.all}</option>
          {options(Object.entries(t.kinds).map(([key, title]) => ({ key, title })))}
        </SelectField>
        <SelectField label={t.state} value={asked.state} onChange={(event) => set({ state: event.target.value })}>
          <option value="">{t.all}</option>
          {options(definition.states)}
        </SelectField>
        <SelectField label={t.unit} value={asked.unit} onChange={(event) => set({ unit: event.target.value })}>
          <option value="">{t.all}</option>
          {options(departments.map((unit) => ({ key: unit.id, title: unit.name })))}
        </SelectField>
        {fields.length > 0 && (
          <SelectField label={t.field} value={asked.field} onChange={(event) => set({ field: event.target.value, value: '' })}>
            <option value="">{t.fieldNone}</option>
            {options(fields)}
          </SelectField>
        )}
        {field && values && (
          <SelectField label={field.title} value={asked.value} onChange={(event) => set({ value: event.target.value })}>
            <option value="">{t.all}</option>
            {options(values)}
          </SelectField>
        )}
        {field && !values && (
          <TextField type={field.type === 'date' ? 'date' : 'text'} label={field.title} value={asked.value} onChange={(event) => set({ value: event.target.value })} />
        )}
        <TextField label={t.words} hint={t.wordsHint} value={asked.words} onChange={(event) => set({ words: event.target.value })} />
      </div>
      <div className="office-actions">
        <Button type="submit" kind="solid">
          {t.filter}
        </Button>
        <Button onClick={() => navigate(addressOf(base, kNoFilters))}>{t.clear}</Button>
      </div>
    </form>
  );
}

function Cases({ view, filters }: { view: OfficeDefinitionView; filters: Filters }) {
  const { definition } = view;
  const { items, next, error, busy, reload, more } = usePages((after) => api.list(definition.id, queryOf(filters, after)), [definition.id, addressOf('', filters)]);
  const titles = definition.list.columns.map((key) => definition.fields.find((field) => field.key === key)?.title ?? t.builtin[key] ?? key);
  return (
    <section className="section" aria-label={definition.title}>
      {error !== null && <OfficeError error={error} onRetry={() => void reload()} />}
      {!items && error === null && <Spinner />}
      <p role="status" className="meta">
        {items && (items.length > 0 || !next) ? (items.length === 0 ? (addressOf('', filters) === '' ? t.none : t.empty) : t.found(items.length)) : ''}
      </p>
      {items && items.length > 0 && (
        <Table caption={definition.title} columns={titles}>
          {items.map((item) => (
            <Row key={item.id} item={item} columns={definition.list.columns} titles={titles} />
          ))}
        </Table>
      )}
      {next && (
        <div>
          <Button disabled={busy} onClick={more}>
            {ja.more}
          </Button>
        </div>
      )}
    </section>
  );
}

function Row({ item, columns, titles }: { item: OfficeItem; columns: string[]; titles: string[] }) {
  const lead = columns.includes('number') ? 'number' : columns[0];
  const text = (key: string) => item.cells.find((cell) => cell.key === key)?.text ?? '';
  return (
    <tr>
      {columns.map((key, n) =>
        key === lead ? (
          <th key={key} scope="row">
            <Link href={`/office/cases/${item.id}`}>{text(key) || item.number}</Link>
          </th>
        ) : (
          <td key={key} data-label={titles[n]}>
            {key === 'state' ? <StateTag title={item.state_title} kind={item.kind} /> : key === 'due' ? <Due item={item} /> : text(key)}
          </td>
        ),
      )}
    </tr>
  );
}
