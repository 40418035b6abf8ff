import { describe, expect, test } from 'vitest';
import { japanMinute, japanToday, momentOfMinute, wareki, warekiDue, warekiMinute, warekiYear } from './wareki';

describe('the Japanese calendar', () => {
  test.each([
    ['2026-04-01', '令和8年4月1日'],
    ['2019-05-01', '令和元年5月1日'],
    ['2019-04-30', '平成31年4月30日'],
    ['1989-01-08', '平成元年1月8日'],
    ['1989-01-07', '昭和64年1月7日'],
    ['1926-12-24', '大正15年12月24日'],
    ['1600-01-01', '1600年1月1日'],
  ])('%s is %s', (day, words) => expect(wareki(day)).toBe(words));

  test.each(['', '2026', '2026-13-01', 'abc'])('%s is no day', (text) => expect(wareki(text)).toBe(''));
});

describe('moments in Japan', () => {
  test('a minute goes to the server and comes back', () => {
    expect(momentOfMinute('2026-04-01T00:30')).toBe('2026-03-31T15:30:00.000Z');
    expect(japanMinute('2026-03-31T15:30:00Z')).toBe('2026-04-01T00:30');
    expect(warekiMinute('2026-03-31T15:30:00Z')).toBe('令和8年4月1日 00:30');
  });
  test('the end of a day is that day', () => {
    expect(warekiDue('2027-02-22T15:00:00Z')).toBe('令和9年2月22日');
    expect(warekiDue('2027-02-22T15:01:00Z')).toBe('令和9年2月23日 00:01');
    expect(warekiDue(null)).toBe('');
  });
  test.each([
    [2026, '令和8年度'],
    [2019, '令和元年度'],
    [2018, '平成30年度'],
  ])('%i is %s', (year, words) => expect(warekiYear(year)).toBe(words));
  test('nothing stays nothing', () => {
    expect(momentOfMinute('')).toBeNull();
    expect(momentOfMinute('2026-04-01')).toBeNull();
    expect(japanMinute(null)).toBe('');
    expect(warekiMinute('no')).toBe('');
  });
  test('the day changes at midnight in Japan', () => {
    expect(japanToday(Date.parse('2026-03-31T14:59:59Z'))).toBe('2026-03-31');
    expect(japanToday(Date.parse('2026-03-31T15:00:00Z'))).toBe('2026-04-01');
  });
});
