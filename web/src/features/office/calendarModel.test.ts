import { expect, it } from 'vitest';
import type { OfficeDuty } from '../../api/office';
import { calendarOf, monthsOf } from './calendarModel';

const duty = (change: Partial<OfficeDuty>): OfficeDuty => ({
  definition: 'd',
  duty: 'k',
  title: '点検',
  period: '2026',
  about: '',
  opens_on: '2026-04-01',
  due_on: '2026-06-30',
  state: 'open',
  id: null,
  number: '',
  clauses: [],
  ...change,
});

it('has twelve months from the first of the fiscal year', () => {
  expect(monthsOf('2026-04')).toHaveLength(12);
  expect(monthsOf('2026-04').at(-1)).toBe('2027-03');
});

it('puts the same work of many departments into one entry, with how far each is', () => {
  const months = calendarOf([duty({ about: '甲', state: 'done', id: '1', number: 'A' }), duty({ about: '乙', state: 'overdue' }), duty({ duty: 'other', due_on: '2026-06-01' })], '2026-04');
  const june = months.find((each) => each.month === '2026-06')!;
  expect([june.done, june.open, june.late]).toEqual([1, 1, 1]);
  expect(june.entries.map((each) => each.counts)).toEqual([[{ state: 'open', n: 1 }], [{ state: 'overdue', n: 1 }, { state: 'done', n: 1 }]]);
  expect(june.entries[1]!.cases).toEqual([{ id: '1', number: 'A', about: '甲', state: 'done' }]);
});

it('leaves out nothing that is due outside of the year or on no day', () => {
  const months = calendarOf([duty({ due_on: '2027-05-10' }), duty({ due_on: '', state: 'undecided' })], '2026-04');
  expect(months.slice(12).map((each) => [each.month, each.open])).toEqual([
    ['2027-05', 1],
    ['', 1],
  ]);
});
