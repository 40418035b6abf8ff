// Finds, for sentences without support, which leaf of the parsed answer ends each one: there the label 「根拠なし」 is written.
import type { Range } from '../../api/types';
import { utf16Index } from '../text';
import type { Block } from './blocks';
import type { Inline } from './inline';

export interface UnsupportedRange {
  start: number;
  end: number;
  lastEnd: number;
}

export function placeUnsupported(source: string, blocks: Block[], ranges: readonly Range[]): UnsupportedRange[] {
  const placed = ranges
    .map(([start, end]) => ({ start: utf16Index(source, start), end: utf16Index(source, end), lastEnd: -1 }))
    .filter((range) => range.start < range.end)
    .sort((a, b) => a.start - b.start);
  if (placed.length === 0) return placed;
  eachLeaf(blocks, (leaf) => {
    for (const range of placed) {
      const from = Math.max(range.start, leaf.start);
      const to = Math.min(range.end, leaf.end);
      if (from < to && leaf.text.slice(from - leaf.start, to - leaf.start).trim() !== '') range.lastEnd = Math.max(range.lastEnd, to);
    }
  });
  return placed.filter((range) => range.lastEnd >= 0);
}

function eachLeaf(blocks: Block[], visit: (leaf: { text: string; start: number; end: number }) => void): void {
  const inline = (nodes: Inline[]) => {
    for (const node of nodes) {
      if (node.kind === 'text' || node.kind === 'code') visit(node);
      else if ('children' in node) inline(node.children);
    }
  };
  for (const block of blocks) {
    if (block.kind === 'paragraph' || block.kind === 'heading') inline(block.children);
    else if (block.kind === 'list') block.items.forEach((item) => eachLeaf(item, visit));
    else if (block.kind === 'quote') eachLeaf(block.blocks, visit);
    else if (block.kind === 'table') [block.head, ...block.rows].forEach((row) => row.forEach(inline));
  }
}

export interface LeafPiece {
  text: string;
  unsupported: boolean;
  // True where a sentence without support ends: the label follows.
  ends: boolean;
}

export function leafPieces(leaf: { text: string; start: number; end: number }, ranges: readonly UnsupportedRange[]): LeafPiece[] {
  const pieces: LeafPiece[] = [];
  let at = leaf.start;
  const add = (to: number, unsupported: boolean, ends: boolean) => {
    if (to > at || ends) pieces.push({ text: leaf.text.slice(at - leaf.start, to - leaf.start), unsupported, ends });
    at = to;
  };
  for (const range of ranges) {
    const from = Math.max(range.start, at);
    const to = Math.min(range.end, leaf.end);
    if (from >= to) continue;
    add(from, false, false);
    const ends = range.lastEnd > leaf.start && range.lastEnd <= leaf.end;
    add(to, true, ends);
  }
  add(leaf.end, false, false);
  return pieces;
}
