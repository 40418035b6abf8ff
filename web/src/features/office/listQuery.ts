// The filters of a list, as they stand in its address and as the server takes them. Pure.
import type { ListQuery, OfficeDefinition, OfficeField } from '../../api/office';

export interface Filters {
  kind: string;
  state: string;
  unit: string;
  field: string;
  value: string;
  words: string;
}
const names: (keyof Filters)[] = ['kind', 'state', 'unit', 'field', 'value', 'words'];
export const kNoFilters: Filters = { kind: '', state: '', unit: '', field: '', value: '', words: '' };

export function filtersOf(params: URLSearchParams): Filters {
  return Object.fromEntries(names.map((name) => [name, params.get(name) ?? ''])) as unknown as Filters;
}

export function addressOf(base: string, filters: Filters): string {
  const used = new URLSearchParams(names.filter((name) => filters[name] !== '').map((name) => [name, filters[name]]));
  return used.size === 0 ? base : `${base}?${used.toString()}`;
}

// A field without a value, or a value without a field, filters nothing.
export function queryOf(filters: Filters, after: string | null): ListQuery {
  const byField = filters.field !== '' && filters.value !== '';
  const { kind, state, unit, words } = filters;
  return { kind, state, unit, words: words.trim(), ...(byField ? { field: filters.field, value: filters.value } : {}), ...(after ? { after } : {}) };
}

const filterable: OfficeField['type'][] = ['text', 'choice', 'yes_no', 'number', 'date', 'clause', 'department'];

// Indexed fields that the definition offers as filters and that can be asked for by one value.
export function filterFields(definition: OfficeDefinition): OfficeField[] {
  const offered = definition.list.filters ?? [];
  return definition.fields.filter((field) => field.index === true && offered.includes(field.key) && filterable.includes(field.type));
}
