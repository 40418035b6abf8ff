import { expect, test } from 'vitest';
import { beginOfDay, dayOf, endOfDay, minuteOf, momentOf } from './dates';

test('a day goes to the server and comes back as the same day', () => {
  for (const day of ['2026-04-01', '2027-03-31', '2028-02-29']) {
    expect(dayOf(beginOfDay(day))).toBe(day);
    expect(dayOf(endOfDay(day))).toBe(day);
  }
  expect(new Date(endOfDay('2026-04-01') ?? '').getTime() - new Date(beginOfDay('2026-04-01') ?? '').getTime()).toBe(86_399_000);
});

test('what is not filled in is nothing', () => {
  expect(beginOfDay('')).toBeNull();
  expect(endOfDay('')).toBeNull();
  expect(momentOf('')).toBeNull();
  expect(dayOf(null)).toBe('');
});

test('a minute comes back as it was written', () => {
  expect(minuteOf(momentOf('2026-04-01T09:05'))).toBe('2026-04-01T09:05');
});
