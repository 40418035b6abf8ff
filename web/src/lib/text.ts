// Text arithmetic. Server ranges count Unicode code points, JavaScript strings count UTF-16 units, people count graphemes.
import type { Range } from '../api/types';

// UTF-16 index of a code point offset; offsets past the end give the length.
export function utf16Index(text: string, codePoints: number): number {
  let i = 0;
  for (let n = 0; n < codePoints && i < text.length; n++) {
    const c = text.charCodeAt(i);
    const pair = c >= 0xd800 && c <= 0xdbff && i + 1 < text.length && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    i += pair ? 2 : 1;
  }
  return i;
}

export interface Piece {
  text: string;
  marked: boolean;
}

// Cuts text at code point ranges. Ranges may overlap, be unordered, empty or reach outside; the pieces always join to the text.
export function markPieces(text: string, ranges: readonly Range[]): Piece[] {
  const points = Array.from(text);
  const merged = mergeRanges(ranges, points.length);
  const pieces: Piece[] = [];
  let at = 0;
  for (const [start, end] of merged) {
    if (start > at) pieces.push({ text: points.slice(at, start).join(''), marked: false });
    pieces.push({ text: points.slice(start, end).join(''), marked: true });
    at = end;
  }
  if (at < points.length) pieces.push({ text: points.slice(at).join(''), marked: false });
  return pieces;
}

export function mergeRanges(ranges: readonly Range[], length: number): Range[] {
  const sorted = ranges
    .map(([start, end]): Range => [Math.max(0, start), Math.min(length, end)])
    .filter(([start, end]) => start < end)
    .sort((a, b) => a[0] - b[0]);
  const out: Range[] = [];
  for (const range of sorted) {
    const last = out[out.length - 1];
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else out.push([range[0], range[1]]);
  }
  return out;
}

const segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' });

export function countGraphemes(text: string): number {
  let n = 0;
  for (const _ of segmenter.segment(text)) n++;
  return n;
}
