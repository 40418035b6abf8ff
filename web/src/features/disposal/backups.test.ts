import { expect, test } from 'vitest';
import { parseBackups } from './backups';

test('a line is a place with or without a day', () => {
  expect(parseBackups('磁気テープ,2027-03-31\n\n 別館のサーバー \n棚3、2026-12-01')).toEqual([
    { place: '磁気テープ', until: '2027-03-31' },
    { place: '別館のサーバー', until: '' },
    { place: '棚3', until: '2026-12-01' },
  ]);
});

test('nothing declared is nothing', () => expect(parseBackups(' \n')).toEqual([]));
