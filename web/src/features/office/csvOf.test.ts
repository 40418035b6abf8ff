import { expect, it } from 'vitest';
import { csvOf } from './csvOf';

it('quotes every cell and disarms formulas', () => {
  expect(csvOf([['行', '値'], ['2', '=1+1'], ['3', 'a"b\n']])).toBe('\uFEFF"行","値"\r\n"2","\'=1+1"\r\n"3","a""b\n"\r\n');
});
