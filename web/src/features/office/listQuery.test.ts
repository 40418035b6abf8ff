import { expect, test } from 'vitest';
import type { OfficeDefinition } from '../../api/office';
import { addressOf, filterFields, filtersOf, kNoFilters, queryOf } from './listQuery';

test('filters stand in the address and come back', () => {
  const filters = { ...kNoFilters, state: 'at_manager', words: '紛失 端末', field: 'kind', value: 'leak' };
  const address = addressOf('/office/registers/incidents', filters);
  expect(filtersOf(new URL(address, 'http://x').searchParams)).toEqual(filters);
  expect(addressOf('/office/registers/incidents', kNoFilters)).toBe('/office/registers/incidents');
});

test('half a filter by field asks for nothing', () => {
  expect(queryOf({ ...kNoFilters, field: 'kind' }, null)).not.toHaveProperty('field');
  expect(queryOf({ ...kNoFilters, value: 'leak' }, 'X')).toMatchObject({ after: 'X' });
  expect(queryOf({ ...kNoFilters, field: 'kind', value: 'leak', words: ' 言葉 ' }, null)).toMatchObject({ field: 'kind', value: 'leak', words: '言葉' });
});

test('only indexed fields that the definition offers filter a list', () => {
  const definition = {
    fields: [
      { key: 'a', type: 'choice', index: true },
      { key: 'b', type: 'choice', index: null },
      { key: 'c', type: 'class', index: true },
      { key: 'd', type: 'text', index: true },
    ],
    list: { columns: [], filters: ['state', 'a', 'b', 'c'], sort: null },
  } as unknown as OfficeDefinition;
  expect(filterFields(definition).map((field) => field.key)).toEqual(['a']);
});
