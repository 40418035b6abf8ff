import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Citation, Range } from '../../api/types';
import { Markdown } from './Markdown';

const citation: Citation = {
  n: 1,
  document: '契約規則.pdf',
  document_id: 'D',
  chunk_id: 'C',
  page: 3,
  section: null,
  start: 0,
  end: 4,
  text: '130万円',
};

function html(source: string, unsupported: Range[] = []): string {
  return renderToStaticMarkup(<Markdown source={source} citations={[citation]} unsupported={unsupported} onCite={() => undefined} />);
}

describe('Markdown safety', () => {
  const hostile = [
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:x)',
    '[x](https://evil.example/?q=secret)',
    '[x](//evil.example/a)',
    '[x](/\\evil.example)',
    '[x](/documents\\..\\..//evil.example)',
    '[x](mailto:a@evil.example)',
    '[x](http:evil.example)',
    '[x](/api/v1/session)',
    '[x](/chat//evil.example)',
    '[x](\tjavascript:alert(1))',
    '![x](https://evil.example/a.png)',
    '![x](data:image/svg+xml,<svg onload=alert(1)>)',
    '![x](/documents/1)',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="https://evil.example">x</a>',
    '<https://evil.example>',
    'https://evil.example/',
    '`<b>`',
    '```html\n<img src=x>\n```',
    '| <img src=x> | b |\n|---|---|\n| [x](https://evil.example) | ![](//evil) |',
    '[a]: https://evil.example\n\n[a]',
    '&lt;script&gt;',
    '[<img src=x>](https://evil.example "t")',
  ];
  it.each(hostile)('%s makes no live link, image or element', (source) => {
    // Quoted values may hold any text; what matters is which elements and attributes exist.
    const out = html(source).replace(/"[^"]*"/g, '""');
    expect(out).not.toMatch(/<(a|img|script|iframe|svg|b)[\s>]/i);
    expect(out).not.toMatch(/<[^>]*\s(href|src|onerror|onload|style)=/i);
  });

  it('shows the address of a link that leads outside', () => {
    expect(html('[案内](https://evil.example/?q=1)')).toContain('案内');
    expect(html('[案内](https://evil.example/?q=1)')).toContain('https://evil.example/?q=1');
    expect(html('![図](https://evil.example/a.png)')).toContain('画像：図');
  });

  it('keeps links into the application alive', () => {
    expect(html('[規則](/documents/01J?start=1)')).toContain('<a href="/documents/01J?start=1">規則</a>');
  });

  it('stays linear on hostile repetition', () => {
    for (const unit of ['*a ', '**', '`', '[', '![', '[1](', '> ', '- ', '|', '#', '~~x', '\\', '*x**y']) {
      const started = performance.now();
      html(unit.repeat(20_000));
      expect(performance.now() - started).toBeLessThan(3_000);
    }
  });
});

describe('Markdown blocks', () => {
  it('formats the usual blocks', () => {
    const out = html(
      '# 見出し\n\n本文は**太字**と*斜体*と~~取消~~。\n\n- 一\n  - 中\n- 二\n\n3. 三\n4. 四\n\n> 引用\n\n---\n\n```\ncode\n```',
    );
    expect(out).toContain('<h3>見出し</h3>');
    expect(out).toContain('<strong>太字</strong>と<em>斜体</em>と<del>取消</del>。');
    expect(out).toContain('<ul><li>一<ul><li>中</li></ul></li><li>二</li></ul>');
    expect(out).toContain('<ol start="3"><li>三</li><li>四</li></ol>');
    expect(out).toContain('<blockquote><p>引用</p></blockquote><hr/><pre tabindex="0"><code>code</code></pre>');
  });

  it('makes tables', () => {
    const out = html('| 種類 | 額 |\n|:--|--:|\n| 工事 | 130 |\n| 物件 |');
    expect(out).toContain('<th scope="col">種類</th><th scope="col">額</th>');
    expect(out).toContain('<tr><td>工事</td><td>130</td></tr><tr><td>物件</td><td></td></tr>');
  });

  it('lets an unfinished answer stand at every length', () => {
    const source = '**太字** `code` [1] | a |\n|---|\n| b |\n```\nx';
    for (let n = 0; n <= source.length; n++) expect(() => html(source.slice(0, n))).not.toThrow();
  });
});

describe('Citations', () => {
  it('makes a chip of a number the server issued, also when numbers follow each other', () => {
    const out = html('限度額は130万円です[1][1]。');
    expect(out.match(/<button[^>]*data-citation="1"/g)).toHaveLength(2);
    expect(out).toContain('aria-label="出典1：契約規則.pdfを開く"');
  });

  it('leaves other numbers and code as text', () => {
    expect(html('表[9]と`a[1]`')).not.toContain('<button');
    expect(html('表[9]')).toContain('表[9]');
  });
});

describe('Sentences without support', () => {
  it('are marked by code points, with words and not with colour alone', () => {
    const source = '𠮷野町です[1]。根拠がない文。終わり。';
    const out = html(source, [[9, 16]]);
    expect(out).toContain('<span class="markdown-unsupported">根拠がない文。</span><span class="markdown-unsupported-label"');
    expect(out.match(/根拠なし/g)).toHaveLength(1);
  });

  it('keep one label when formatting cuts the sentence', () => {
    const source = '- 根拠が**ない**文です。\n- 次';
    const out = html(source, [[2, 14]]);
    expect(out.match(/根拠なし/g)).toHaveLength(1);
    expect(out).toContain('<strong><span class="markdown-unsupported">ない</span></strong>');
  });

  it('are found inside quotes, tables and second lines', () => {
    for (const source of ['> 前\n> 無根拠。', '| 前 |\n|---|\n| 無根拠。 |', '前\n無根拠。']) {
      const start = Array.from(source).join('').indexOf('無');
      expect(html(source, [[start, start + 4]])).toContain('<span class="markdown-unsupported">無根拠。</span>');
    }
  });
});
