import { describe, expect, it } from 'vitest';
import type { GuardAction, GuardFinding } from '../../api/types';
import { basisOf, counted, piecesOf } from './marks';

function finding(start: number, end: number, action: GuardAction, kind = 'phone'): GuardFinding {
  return { kind, start, end, action, confidence: 90, masked: '', clause: '', who_can_permit: '' };
}

describe('piecesOf', () => {
  it('cuts by code points, not by code units', () => {
    expect(piecesOf('😀山田様', [finding(1, 3, 'mask')])).toEqual([
      { text: '😀', action: null },
      { text: '山田', action: 'mask' },
      { text: '様', action: null },
    ]);
  });
  it('shows the stronger action where findings overlap, and nothing for what may pass', () => {
    const pieces = piecesOf('abcdef', [finding(0, 4, 'mask'), finding(2, 6, 'block'), finding(0, 6, 'allow')]);
    expect(pieces).toEqual([
      { text: 'ab', action: 'mask' },
      { text: 'cdef', action: 'block' },
    ]);
  });
  it('keeps the whole text, whatever the findings say', () => {
    expect(piecesOf('短い', [finding(1, 99, 'warn')]).map((piece) => piece.text).join('')).toBe('短い');
    expect(piecesOf('', [])).toEqual([]);
  });
});

describe('counted', () => {
  it('counts each kind', () => {
    expect(counted([finding(0, 1, 'mask'), finding(1, 2, 'mask'), finding(2, 3, 'warn', 'ng_word')])).toEqual([
      ['phone', 2],
      ['ng_word', 1],
    ]);
  });
});

describe('basisOf', () => {
  it('names each clause once, and none where no clause decided', () => {
    const by = (clause: string, who: string) => ({ ...finding(0, 1, 'block'), clause, who_can_permit: who });
    expect(basisOf([by('8(1)ア', '統括'), by('8(1)ア', '統括'), by('', ''), by('5(2)', '')])).toEqual([
      ['8(1)ア', '統括'],
      ['5(2)', ''],
    ]);
  });
});
