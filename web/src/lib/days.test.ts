import { expect, test } from 'vitest';
import { firstDay, fromDay, lastDay, untilDay } from './days';

test('a period begins at its first midnight in Japan and ends after its last day', () => {
  expect(fromDay('2026-04-01')).toBe('2026-03-31T15:00:00.000Z');
  expect(untilDay('2027-03-31')).toBe('2027-03-31T15:00:00.000Z');
  expect([fromDay(''), untilDay('')]).toEqual(['', '']);
});

test('what was saved reads as the same days', () => {
  for (const day of ['2026-04-01', '2024-02-29', '2026-12-31']) {
    expect(firstDay(fromDay(day))).toBe(day);
    expect(lastDay(untilDay(day))).toBe(day);
  }
  expect([firstDay(null), lastDay(undefined)]).toEqual(['', '']);
});
