import { describe, expect, it } from 'vitest';
import type { Section } from '../../api/types';
import { locatePassage, separateHeading } from './sourcePassage';

function section(n: number, start: number, text: string, heading = ''): Section {
  return { n, heading, level: 1, page: null, label: null, start, end: start + Array.from(text).length, text };
}

describe('locatePassage', () => {
  const sections = [section(0, 0, '𠮷野町'), section(1, 4, '第五条の定め')];
  it('finds a passage inside one section and across two', () => {
    expect(locatePassage(sections, 1, 3)).toEqual([{ section: 0, range: [1, 3] }]);
    expect(locatePassage(sections, 2, 6)).toEqual([
      { section: 0, range: [2, 3] },
      { section: 1, range: [0, 2] },
    ]);
  });
  it('finds nothing outside', () => {
    expect(locatePassage(sections, 100, 120)).toEqual([]);
    expect(locatePassage(sections, 3, 3)).toEqual([]);
  });
});

describe('separateHeading', () => {
  it('does not repeat a heading the text begins with', () => {
    expect(separateHeading(section(0, 0, '第1章 総則\n本文', '第1章 総則'))).toBeNull();
    expect(separateHeading(section(0, 0, '本文', '第1章 総則'))).toBe('第1章 総則');
  });
});
