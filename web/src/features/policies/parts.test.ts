import { expect, test } from 'vitest';
import type { PolicyClause } from '../../api/policies';
import { partsOf } from './parts';

const clause = (part: number, title: string, text: string, ref: string) => ({ part, title, text, ref }) as PolicyClause;

test('a part is named by the first words in it', () => {
  const clauses = [clause(1, '', '基本方針\n令和8年3月', '表紙'), clause(1, '目的', '', '1'), clause(2, '', '', '表紙'), clause(2, '対策基準', '', '1'), clause(3, 'あ'.repeat(80), '', '1')];
  expect(partsOf({ clauses })).toEqual([
    { number: 1, title: '基本方針' },
    { number: 2, title: '表紙' },
    { number: 3, title: 'あ'.repeat(60) },
  ]);
  expect(partsOf({ clauses: [] })).toEqual([]);
});
