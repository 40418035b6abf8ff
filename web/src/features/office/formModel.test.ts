import { describe, expect, test } from 'vitest';
import type { Condition, OfficeAction, OfficeColumn, OfficeDefinition, OfficeEvent, OfficeField, Value } from '../../api/office';
import { blamed, changed, draftOf, draftsOf, firstNeeded, holds, isBlank, mistake, needed, numberOf, sections, signers, valueOf, written } from './formModel';

const column = (key: string, type: OfficeColumn['type'], required = false): OfficeColumn => ({ key, title: key, type, choices: null, of: null, required, unit: null });
const field = (key: string, type: OfficeField['type'], more: Partial<OfficeField> = {}): OfficeField => ({
  key,
  title: `欄${key}`,
  type,
  help: null,
  choices: null,
  of: null,
  unit: null,
  axes: null,
  min: null,
  max: null,
  required: null,
  required_if: null,
  items: null,
  columns: null,
  evidence: null,
  several: null,
  derive: null,
  index: null,
  ...more,
});
const list = field('list', 'checklist', {
  items: [
    { key: 'a', title: 'A', required: null, clauses: null },
    { key: 'b', title: 'B', required: false, clauses: null },
  ],
});
const table = field('table', 'table', { columns: [column('what', 'text', true), column('count', 'number'), column('at', 'datetime')] });

describe('values go to a form and come back', () => {
  test.each<[OfficeField, Value]>([
    [field('x', 'text'), '名称'],
    [field('x', 'long_text'), '一行目\n二行目'],
    [field('x', 'choice'), 'leak'],
    [field('x', 'choices'), ['a', 'b']],
    [field('x', 'number'), -12.5],
    [field('x', 'number'), 0],
    [field('x', 'yes_no'), true],
    [field('x', 'yes_no'), false],
    [field('x', 'date'), '2026-04-01'],
    [field('x', 'datetime'), '2026-03-31T15:30:00.000Z'],
    [field('x', 'person'), 'account'],
    [field('x', 'people'), ['one', 'two']],
    [field('x', 'department'), 'unit'],
    [field('x', 'departments'), ['unit']],
    [field('x', 'class'), { c: 2, a: 1 }],
    [field('x', 'reference'), 'case'],
    [field('x', 'references'), ['case', 'other']],
    [field('x', 'clause'), '10(3)ア(ア)'],
    [list, { a: { done: true }, b: { done: false, note: '持たない' } }],
    [table, [{ what: '鍵', count: 3 }, { what: '扉', at: '2026-04-01T00:00:00.000Z' }]],
  ])('%o', (one, value) => {
    expect(valueOf(one, draftOf(one, value))).toEqual(value);
  });

  test.each(['text', 'choice', 'choices', 'number', 'yes_no', 'date', 'datetime', 'person', 'people', 'class', 'references', 'checklist', 'table'] as const)(
    'an empty %s is nothing, and blank',
    (type) => {
      for (const empty of [null, undefined]) {
        const draft = draftOf({ type, columns: table.columns, items: list.items }, empty);
        expect(isBlank(draft)).toBe(true);
        expect(valueOf({ type, columns: table.columns, items: list.items }, draft)).toBeNull();
      }
    },
  );
});

test('numbers as a Japanese keyboard gives them', () => {
  expect(numberOf('１，２００')).toBe(1200);
  expect(numberOf(' -3.5 ')).toBe(-3.5);
  for (const bad of ['', '三', '1e5', '1.', '--1', 'Infinity']) expect(numberOf(bad)).toBeNull();
});

test('a new case gets what is written, an edit what is no longer as it was', () => {
  const fields = [field('a', 'text'), field('b', 'number'), field('file', 'attachment'), field('sum', 'number', { derive: { op: 'sum', of: 'table.count' } })];
  const before = draftsOf(fields, { a: '前', b: 1, file: ['x'], sum: 3 });
  expect(written(fields, before)).toEqual({ a: '前', b: 1 });
  expect(changed(fields, before, before)).toEqual({});
  expect(changed(fields, before, { ...before, a: '後', b: '' })).toEqual({ a: '後', b: null });
});

describe('what must be filled in', () => {
  const always = field('x', 'text', { required: { always: true, states: null } });
  const later = field('x', 'text', { required: { always: null, states: ['done'] } });
  const medium: Condition = { field: 'kind', in: ['medium'] };
  test('from the opening on, or to enter a state', () => {
    expect(needed(always, '', {})).toBe(true);
    expect(needed(later, '', {})).toBe(false);
    expect(needed(later, 'done', {})).toBe(true);
    expect(needed(field('x', 'text', { required: { always: true, states: null }, derive: { op: 'copy', of: 'a' } }), '', {})).toBe(false);
  });
  test('by a condition, after the opening', () => {
    const one = field('x', 'text', { required_if: medium });
    expect(needed(one, 'in_use', { kind: 'medium' })).toBe(true);
    expect(needed(one, 'in_use', { kind: 'data' })).toBe(false);
    expect(needed(one, '', { kind: 'medium' })).toBe(false);
    const both = field('x', 'text', { required_if: medium, required: { always: null, states: ['done'] } });
    expect(needed(both, 'in_use', { kind: 'medium' })).toBe(false);
    expect(needed(both, 'done', { kind: 'medium' })).toBe(true);
  });
});

describe('conditions', () => {
  const cases: [Condition, boolean | null][] = [
    [{ field: 'kind', equals: 'data' }, true],
    [{ field: 'flag', equals: false }, true], // not answered counts as no
    [{ field: 'kind', not_equals: 'data' }, false],
    [{ field: 'none', is: 'empty' }, true],
    [{ field: 'kind', is: 'filled' }, true],
    [{ field: 'class', at_least: 2, axis: 'c' }, true],
    [{ field: 'class', at_least: 3 }, false],
    [{ field: 'count', at_most: 5 }, true],
    [{ field: 'many', in: ['b'] }, true],
    [{ all: [{ field: 'kind', is: 'filled' }, { state: ['open'] }] }, true],
    [{ any: [{ field: 'kind', is: 'empty' }, { state: ['closed'] }] }, false],
    [{ negate: [{ field: 'kind', is: 'empty' }] }, true],
    [{ linked: 'audits', count: 'none' }, null],
    [{ all: [{ linked: 'audits', count: 'none' }, { field: 'kind', is: 'empty' }] }, false],
    [{ any: [{ passed: 'submit' }, { field: 'kind', is: 'filled' }] }, true],
    [{ any: [{ passed: 'submit' }, { field: 'kind', is: 'empty' }] }, null],
    [{ field: 'day', before: 'today' }, null],
  ];
  test.each(cases)('%o', (condition, answer) => {
    expect(holds(condition, { kind: 'data', class: { c: 2, i: 1 }, count: 5, many: ['a', 'b'] }, 'open')).toBe(answer);
  });
});

test('what is wrong is seen before the server is asked', () => {
  expect(mistake(field('x', 'text'), '', true)).toBe('missing');
  expect(mistake(field('x', 'text'), ' ', false)).toBeNull();
  expect(mistake(field('x', 'number', { min: 0 }), '-1', false)).toBe('range');
  expect(mistake(field('x', 'number'), '三', false)).toBe('number');
  expect(mistake(field('x', 'text', { max: 2 }), '𠮷野家', false)).toBe('long');
  expect(mistake(field('x', 'text', { max: 3 }), '𠮷野家', false)).toBeNull();
  expect(mistake(list, { checks: { a: { done: 'no', note: '' }, b: { done: '', note: '' } } }, false)).toBe('note');
  expect(mistake(list, { checks: { a: { done: '', note: '' }, b: { done: 'yes', note: '' } } }, true)).toBe('missing');
  expect(mistake(list, { checks: { a: { done: 'yes', note: '' }, b: { done: '', note: '' } } }, true)).toBeNull();
  expect(mistake(table, [{ what: '', count: '1', at: '' }], false)).toBe('cell');
  expect(mistake(table, [{ what: '鍵', count: '三', at: '' }], false)).toBe('cell');
  expect(mistake(table, [{ what: '鍵', count: '3', at: '' }], false)).toBeNull();
});

test('sections are those of the print form, and nothing is left out', () => {
  const definition = {
    fields: [field('a', 'text'), field('b', 'text'), field('c', 'text')],
    print: { title: null, sections: [{ title: '概要', fields: ['b', 'none'], history: null }, { title: '経緯', fields: null, history: true }] },
  } as unknown as OfficeDefinition;
  expect(sections(definition, () => true).map((part) => [part.title, part.fields.map((one) => one.key)])).toEqual([
    ['概要', ['b']],
    ['', ['a', 'c']],
  ]);
});

test('what a step needs and does not ask for is written before; files are attached before', () => {
  const definition = { fields: [field('a', 'text'), field('b', 'text'), field('file', 'attachment')] } as unknown as OfficeDefinition;
  const action = { needs: ['a', 'b', 'file'], ask: ['b', 'file'] } as unknown as OfficeAction;
  expect(firstNeeded(definition, action)).toEqual(['欄a', '欄file']);
});

test('rows that the program made stand before they are answered', () => {
  const rows = { from: 'clauses', answer: 'what', good: ['yes'], gaps: ['no'], say: null };
  const draft = [{ what: '', count: '', at: '' }];
  expect(mistake(table, draft, false)).toBe('cell');
  expect(mistake({ ...table, rows }, draft, false)).toBeNull();
  expect(holds({ field: 'table', is: 'answered' }, { table: [] }, 'open')).toBeNull();
});

test('a refusal finds its field', () => {
  const fields = [field('a', 'text'), table];
  expect(blamed(fields, 'office.field', 'table.what: needed in every row')).toEqual(['table']);
  expect(blamed(fields, 'office.missing', '欄a、欄table')).toEqual(['a', 'table']);
  expect(blamed(fields, 'office.missing', undefined)).toEqual([]);
  expect(blamed(fields, 'office.guard', 'a: x')).toEqual([]);
});

test('who has signed counts from the last change on', () => {
  const event = (kind: string, name: string, same_content = true): OfficeEvent => ({
    n: 0, event: kind, title: '許可する', region: '', from: '', to: '', name, note: '', unavoidable: false, same_content, at: '2026-04-01T00:00:00Z', hash: '',
  });
  const names = (...history: OfficeEvent[]) => signers({ history }, '許可する').map((one) => one.name);
  expect(names(event('sign', '甲'), event('comment', '乙'), event('sign', '丙'))).toEqual(['甲', '丙']);
  expect(names(event('sign', '甲'), event('edit', '乙'), event('sign', '丙'))).toEqual(['丙']);
  expect(names(event('sign', '甲', false))).toEqual([]);
});
