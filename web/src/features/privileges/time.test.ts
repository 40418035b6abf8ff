import { expect, it } from 'vitest';
import { timeLeft } from './time';

it('counts minutes up to the next whole one, and seconds in the last two', () => {
  expect(timeLeft(1_800_000, 0)).toBe('30分');
  expect(timeLeft(1_800_000, 1)).toBe('30分');
  expect(timeLeft(121_000, 0)).toBe('3分');
  expect(timeLeft(120_000, 0)).toBe('120秒');
  expect(timeLeft(1, 0)).toBe('1秒');
});

it('never goes below nothing', () => {
  expect(timeLeft(0, 5_000)).toBe('0秒');
});
