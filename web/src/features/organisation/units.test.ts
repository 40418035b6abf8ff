import { describe, expect, test } from 'vitest';
import type { UnitView } from '../../api/types';
import { tree } from './units';

const unit = (id: string, parent_id: string | null): UnitView => ({ id, code: id, name: id, parent_id, kind: 'k', from: null, to: null, in_force: true });

describe('tree of units', () => {
  test('children follow their parent in the order given', () => {
    const placed = tree([unit('a', null), unit('b', null), unit('b1', 'b'), unit('a1', 'a'), unit('a11', 'a1')]);
    expect(placed.map(({ unit: { id }, depth }) => `${id}${depth}`)).toEqual(['a0', 'a11', 'a112', 'b0', 'b11']);
  });
  test('an unknown parent does not hide a unit', () => {
    expect(tree([unit('x', 'gone')]).map(({ depth }) => depth)).toEqual([0]);
  });
});
