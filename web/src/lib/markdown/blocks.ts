// Block part of the answer's Markdown: paragraphs, headings, lists, quotes, code and tables. Anything else is a paragraph.
import { parseInline, spanOf, type Inline } from './inline';

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'heading'; level: number; children: Inline[] }
  | { kind: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' };

interface Line {
  text: string;
  at: number;
}

const kMaxDepth = 8;
const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;
const rule = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const quote = /^ {0,3}>[ ]?/;
const bullet = /^([ \t]*)(?:([-*+])|(\d{1,9})[.)])(?:[ \t]+|$)/;
const delimiter = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

export function parseMarkdown(source: string): Block[] {
  const lines: Line[] = [];
  let at = 0;
  for (const raw of source.split('\n')) {
    lines.push({ text: raw.endsWith('\r') ? raw.slice(0, -1) : raw, at });
    at += raw.length + 1;
  }
  return parseBlocks(lines, 0);
}

function parseBlocks(lines: Line[], depth: number): Block[] {
  const out: Block[] = [];
  let i = 0;
  while (i < lines.length) {
    const line = lines[i];
    if (!line || line.text.trim() === '') {
      i++;
      continue;
    }
    const found = parseOne(lines, i, line, depth);
    out.push(found.block);
    i = found.next;
  }
  return out;
}

interface Found {
  block: Block;
  next: number;
}

function parseOne(lines: Line[], i: number, line: Line, depth: number): Found {
  const title = heading.exec(line.text);
  if (title) {
    const text = title[2] ?? '';
    const from = line.text.indexOf(text, line.text.indexOf('#') + (title[1] ?? '').length);
    return {
      block: { kind: 'heading', level: (title[1] ?? '#').length, children: parseInline(spanOf([cut(line, from, from + text.length)])) },
      next: i + 1,
    };
  }
  if (fence.test(line.text)) return parseCode(lines, i, line);
  if (rule.test(line.text)) return { block: { kind: 'rule' }, next: i + 1 };
  if (depth < kMaxDepth && quote.test(line.text)) return parseQuote(lines, i, depth);
  if (depth < kMaxDepth && bullet.test(line.text)) return parseList(lines, i, line, depth);
  if (startsTable(lines, i)) return parseTable(lines, i);
  return parseParagraph(lines, i);
}

function cut(line: Line, from: number, to = line.text.length): Line {
  return { text: line.text.slice(from, to), at: line.at + from };
}

function trimmed(line: Line): Line {
  const start = line.text.length - line.text.trimStart().length;
  return cut(line, start, Math.max(start, line.text.trimEnd().length));
}

function parseCode(lines: Line[], i: number, line: Line): Found {
  const mark = fence.exec(line.text)?.[1] ?? '```';
  const text: string[] = [];
  let next = i + 1;
  for (; next < lines.length; next++) {
    const inner = lines[next]?.text ?? '';
    if (inner.trim().startsWith(mark) && inner.trim().replaceAll(mark[0] ?? '`', '') === '') {
      next++;
      break;
    }
    text.push(inner);
  }
  return { block: { kind: 'code', text: text.join('\n') }, next };
}

function parseQuote(lines: Line[], i: number, depth: number): Found {
  const inner: Line[] = [];
  let next = i;
  for (; next < lines.length; next++) {
    const line = lines[next];
    const match = line && quote.exec(line.text);
    if (!line || !match) break;
    inner.push(cut(line, match[0].length));
  }
  return { block: { kind: 'quote', blocks: parseBlocks(inner, depth + 1) }, next };
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

// An item takes the lines indented deeper than its marker, and the plain lines that follow its own without a gap.
function parseList(lines: Line[], i: number, first: Line, depth: number): Found {
  const opening = bullet.exec(first.text);
  const indent = opening?.[1]?.length ?? 0;
  const ordered = opening?.[3] !== undefined;
  const items: Block[][] = [];
  let next = i;
  while (next < lines.length) {
    const line = lines[next];
    const match = line && bullet.exec(line.text);
    if (!line || !match || (match[1] ?? '').length !== indent || (match[3] !== undefined) !== ordered || rule.test(line.text)) break;
    const inner: Line[] = [cut(line, match[0].length)];
    next++;
    next = takeItem(lines, next, indent, inner);
    items.push(parseBlocks(inner, depth + 1));
  }
  return { block: { kind: 'list', ordered, start: ordered ? Number(opening?.[3]) : 1, items }, next };
}

function takeItem(lines: Line[], from: number, indent: number, inner: Line[]): number {
  let next = from;
  for (; next < lines.length; next++) {
    const line = lines[next];
    if (!line) break;
    if (line.text.trim() === '') {
      const after = lines[next + 1];
      if (!after || after.text.trim() === '' || indentOf(after.text) <= indent) {
        // A blank between two items keeps the list together.
        const match = after && bullet.exec(after.text);
        return match && (match[1] ?? '').length === indent ? next + 1 : next;
      }
      inner.push(line);
    } else if (indentOf(line.text) > indent) {
      inner.push(cut(line, Math.min(indentOf(line.text), indent + 2)));
    } else if (startsBlock(lines, next)) {
      return next;
    } else {
      inner.push(line);
    }
  }
  return next;
}

function startsBlock(lines: Line[], i: number): boolean {
  const text = lines[i]?.text ?? '';
  return heading.test(text) || fence.test(text) || rule.test(text) || quote.test(text) || bullet.test(text) || startsTable(lines, i);
}

function startsTable(lines: Line[], i: number): boolean {
  const head = lines[i]?.text ?? '';
  const below = lines[i + 1]?.text ?? '';
  return (
    head.includes('|') &&
    below.includes('-') &&
    delimiter.test(below) &&
    cells({ text: head, at: 0 }).length === cells({ text: below, at: 0 }).length
  );
}

function cells(line: Line): Line[] {
  const out: Line[] = [];
  const body = trimmed(line);
  let from = body.text.startsWith('|') ? 1 : 0;
  const end = body.text.endsWith('|') && body.text.length > 1 ? body.text.length - 1 : body.text.length;
  for (let i = from; i <= end; i++) {
    if (i === end || (body.text[i] === '|' && body.text[i - 1] !== '\\')) {
      out.push(trimmed(cut(body, from, i)));
      from = i + 1;
    }
  }
  return out;
}

function parseTable(lines: Line[], i: number): Found {
  const inlineCells = (line: Line) => cells(line).map((cell) => parseInline(spanOf([cell])));
  const head = inlineCells(lines[i] ?? { text: '', at: 0 });
  const rows: Inline[][][] = [];
  let next = i + 2;
  for (; next < lines.length; next++) {
    const line = lines[next];
    if (!line || line.text.trim() === '' || !line.text.includes('|')) break;
    const row = inlineCells(line);
    rows.push(head.map((_, column) => row[column] ?? []));
  }
  return { block: { kind: 'table', head, rows }, next };
}

function parseParagraph(lines: Line[], i: number): Found {
  const inner: Line[] = [];
  let next = i;
  for (; next < lines.length; next++) {
    const line = lines[next];
    if (!line || line.text.trim() === '' || (next > i && startsBlock(lines, next))) break;
    inner.push(trimmed(line));
  }
  return { block: { kind: 'paragraph', children: parseInline(spanOf(inner)) }, next };
}
