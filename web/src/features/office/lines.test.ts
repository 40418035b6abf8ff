import { expect, test } from 'vitest';
import { lineRange } from './lines';

test('a line is found by its number', () => {
  const text = 'id: x\n\n  title: 表題';
  expect(text.slice(...lineRange(text, 1))).toBe('id: x');
  expect(text.slice(...lineRange(text, 2))).toBe('');
  expect(text.slice(...lineRange(text, 3))).toBe('  title: 表題');
  expect(text.slice(...lineRange(text, 9))).toBe('  title: 表題');
  expect(lineRange('', 1)).toEqual([0, 0]);
});
