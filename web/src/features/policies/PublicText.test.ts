import { expect, test } from 'vitest';
import type { PublicClause } from '../../api/policyVersions';
import { headingLevels } from './PublicText';

const clause = (depth: number, title: string, more: Partial<PublicClause> = {}): PublicClause => ({
  id: `${depth}${title}`,
  parent: null,
  kind: 'clause',
  ref: '',
  label: '1',
  title,
  text: '',
  withheld: false,
  depth,
  ...more,
});

test('headings leave no level out, whatever lies between them', () => {
  expect(headingLevels([clause(0, '章'), clause(1, ''), clause(2, '深い'), clause(0, '次'), clause(1, '下'), clause(1, '', { withheld: true })])).toEqual([2, 0, 3, 2, 3, 0]);
});

test('rows, items and withheld clauses are no headings', () => {
  expect(headingLevels([clause(0, '表', { kind: 'row' }), clause(0, '列', { kind: 'item' }), clause(0, '', { withheld: true })])).toEqual([0, 0, 0]);
});
