// Inline part of the answer's Markdown. Every leaf keeps its UTF-16 place in the source, so that sentences the server
// marked by range stay marked however the text is formatted. There is no node for HTML, and none that loads anything.

export type Inline =
  | { kind: 'text' | 'code'; text: string; start: number; end: number }
  | { kind: 'strong' | 'em' | 'del'; children: Inline[] }
  | { kind: 'link'; children: Inline[]; href: string }
  | { kind: 'image'; alt: string; src: string }
  | { kind: 'cite'; n: number; start: number; end: number }
  | { kind: 'break' };

// Text with the source place of each of its UTF-16 units.
export interface Span {
  text: string;
  at: number[];
}

const kMaxDepth = 6;
const citation = /\[(\d{1,3})\]/y;
const link = /(!?)\[([^[\]\n]{0,500})\]\(\s*<?([^\s()<>]{0,2000})>?(?:\s+"[^"\n]{0,200}")?\s*\)/y;
const escapable = /[!-/:-@[-`{-~]/;

export function spanOf(pieces: { text: string; at: number }[]): Span {
  const at: number[] = [];
  let text = '';
  pieces.forEach((piece, n) => {
    if (n > 0) {
      const before = pieces[n - 1];
      at.push(before ? before.at + before.text.length : piece.at);
      text += '\n';
    }
    for (let i = 0; i < piece.text.length; i++) at.push(piece.at + i);
    text += piece.text;
  });
  return { text, at };
}

export function parseInline(span: Span, depth = 0): Inline[] {
  return new InlineParser(span, depth).run();
}

class InlineParser {
  private readonly out: Inline[] = [];
  private plain = '';
  private plainAt: number[] = [];
  // Delimiters known to have no closing partner further on: keeps hostile input linear.
  private readonly unclosed = new Set<string>();

  constructor(
    private readonly span: Span,
    private readonly depth: number,
  ) {}

  run(): Inline[] {
    const { text } = this.span;
    let i = 0;
    while (i < text.length) {
      const next = this.special(i);
      if (next > i) i = next;
      else {
        this.keep(i);
        i++;
      }
    }
    this.flush();
    return this.out;
  }

  // Returns the place after a construct that starts at i, or i when there is none.
  private special(i: number): number {
    const { text } = this.span;
    switch (text[i]) {
      case '\\':
        if (i + 1 < text.length && escapable.test(text[i + 1] ?? '')) {
          this.keep(i + 1);
          return i + 2;
        }
        return i;
      case '`':
        return this.code(i);
      case '[':
        return this.cite(i) || this.link(i) || i;
      case '!':
        return text[i + 1] === '[' ? this.link(i) || i : i;
      case '*':
        return text[i + 1] === '*' ? this.wrap(i, '**', 'strong') : this.wrap(i, '*', 'em');
      case '~':
        return text[i + 1] === '~' ? this.wrap(i, '~~', 'del') : i;
      case '\n':
        this.flush();
        this.out.push({ kind: 'break' });
        return i + 1;
      default:
        return i;
    }
  }

  private code(i: number): number {
    const { text } = this.span;
    let ticks = 1;
    while (text[i + ticks] === '`') ticks++;
    const fence = '`'.repeat(ticks);
    const end = this.closing(fence, i + ticks);
    if (end < 0) return i;
    this.flush();
    const from = i + ticks;
    this.out.push({ kind: 'code', text: text.slice(from, end).replace(/\n/g, ' '), start: this.place(from), end: this.place(end - 1) + 1 });
    return end + ticks;
  }

  private cite(i: number): number {
    citation.lastIndex = i;
    const match = citation.exec(this.span.text);
    if (!match || this.span.text[i + match[0].length] === '(') return 0;
    this.flush();
    this.out.push({ kind: 'cite', n: Number(match[1]), start: this.place(i), end: this.place(i + match[0].length - 1) + 1 });
    return i + match[0].length;
  }

  private link(i: number): number {
    link.lastIndex = i;
    const match = link.exec(this.span.text);
    if (!match) return 0;
    this.flush();
    const label = match[2] ?? '';
    const href = match[3] ?? '';
    if (match[1] === '!') this.out.push({ kind: 'image', alt: label, src: href });
    else this.out.push({ kind: 'link', children: parseInline(this.slice(i + 1, i + 1 + label.length), kMaxDepth), href });
    return i + match[0].length;
  }

  private wrap(i: number, mark: string, kind: 'strong' | 'em' | 'del'): number {
    const { text } = this.span;
    const from = i + mark.length;
    if (this.depth >= kMaxDepth || from >= text.length || /\s/.test(text[from] ?? ' ')) return i;
    let end = this.closing(mark, from);
    // A single star must not eat half of a double one.
    while (mark === '*' && end >= 0 && text[end + 1] === '*') end = this.closing(mark, end + 2);
    if (end <= from || /\s/.test(text[end - 1] ?? ' ')) return i;
    this.flush();
    this.out.push({ kind, children: parseInline(this.slice(from, end), this.depth + 1) });
    return end + mark.length;
  }

  private closing(mark: string, from: number): number {
    if (this.unclosed.has(mark)) return -1;
    const end = this.span.text.indexOf(mark, from);
    if (end < 0) this.unclosed.add(mark);
    return end;
  }

  private slice(from: number, to: number): Span {
    return { text: this.span.text.slice(from, to), at: this.span.at.slice(from, to) };
  }

  private place(i: number): number {
    return this.span.at[i] ?? 0;
  }

  private keep(i: number): void {
    const at = this.place(i);
    const last = this.plainAt[this.plainAt.length - 1];
    if (last !== undefined && at !== last + 1) this.flush();
    this.plain += this.span.text[i];
    this.plainAt.push(at);
  }

  private flush(): void {
    const start = this.plainAt[0];
    if (start !== undefined) this.out.push({ kind: 'text', text: this.plain, start, end: start + this.plain.length });
    this.plain = '';
    this.plainAt = [];
  }
}

// Only a path of this very application is a live link; everything else could carry data out or run something.
export function isLocalLink(href: string): boolean {
  if (!/^\/(chat|collections|documents|search)(?:[/?#]|$)/.test(href) || /[\\\s]|\/\//.test(href)) return false;
  try {
    const url = new URL(href, 'https://own.invalid');
    return url.origin === 'https://own.invalid' && !url.pathname.startsWith('/api');
  } catch {
    return false;
  }
}
