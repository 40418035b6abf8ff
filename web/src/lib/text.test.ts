import { describe, expect, it } from 'vitest';
import type { Range } from '../api/types';
import { countGraphemes, markPieces, utf16Index } from './text';

const text = '𠮷野町の葛󠄀城さん👨‍👩‍👧は届出';

describe('markPieces', () => {
  it('counts code points, not UTF-16 units', () => {
    expect(markPieces('𠮷野町の特例', [[1, 3]])).toEqual([
      { text: '𠮷', marked: false },
      { text: '野町', marked: true },
      { text: 'の特例', marked: false },
    ]);
  });

  it('joins back to the text for any ranges', () => {
    let seed = 20261121;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    for (let round = 0; round < 500; round++) {
      const ranges = Array.from({ length: random(5) }, (): Range => [random(30) - 4, random(30) - 4]);
      const pieces = markPieces(text, ranges);
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      const marked = new Set(
        ranges.flatMap(([start, end]) =>
          Array.from(text)
            .map((_, n) => n)
            .filter((n) => n >= start && n < end),
        ),
      );
      expect(pieces.filter((piece) => piece.marked).reduce((n, piece) => n + Array.from(piece.text).length, 0)).toBe(marked.size);
    }
  });
});

describe('utf16Index', () => {
  it('skips surrogate pairs and stops at the end', () => {
    expect(utf16Index('𠮷野', 1)).toBe(2);
    expect(utf16Index('𠮷野', 2)).toBe(3);
    expect(utf16Index('𠮷野', 9)).toBe(3);
  });
});

describe('countGraphemes', () => {
  it('counts what a person sees', () => {
    expect(countGraphemes('が👨‍👩‍👧')).toBe(2);
    expect(countGraphemes('か\u3099')).toBe(1);
  });
});
