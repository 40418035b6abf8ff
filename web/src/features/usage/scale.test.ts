import { expect, test } from 'vitest';
import { niceTop, percentOf } from './scale';

test('an axis ends at a round number that no bar passes', () => {
  for (const [most, top] of [
    [0, 10],
    [1, 10],
    [10, 10],
    [11, 20],
    [21, 50],
    [51, 100],
    [4_812_345, 5_000_000],
    [5_000_001, 10_000_000],
  ])
    expect(niceTop(most!)).toBe(top);
});

test('a share is cut at the full gauge and never divides by nothing', () => {
  expect(percentOf(1, 4)).toBe(25);
  expect(percentOf(9, 4)).toBe(100);
  expect(percentOf(-1, 4)).toBe(0);
  expect(percentOf(1, 0)).toBe(100);
  expect(percentOf(0, 0)).toBe(0);
});
