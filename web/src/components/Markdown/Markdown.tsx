// An answer as React elements. Safe by construction: no HTML is ever set, nothing is loaded, and only links into this
// application are live; an address that leads outside is shown as text a person can read and judge.
import { Fragment, memo, useMemo, type ReactNode } from 'react';
import type { Citation, Range } from '../../api/types';
import { isLocalLink, type Inline } from '../../lib/markdown/inline';
import { parseMarkdown, type Block } from '../../lib/markdown/blocks';
import { leafPieces, placeUnsupported, type UnsupportedRange } from '../../lib/markdown/unsupported';
import { inlineText } from '../../lib/markdown/plain';
import { Link } from '../../lib/router';
import { ja } from '../../messages/ja';
import './Markdown.css';

interface Context {
  citations: ReadonlyMap<number, Citation>;
  unsupported: readonly UnsupportedRange[];
  onCite: (citation: Citation) => void;
}

interface Props {
  source: string;
  citations: readonly Citation[];
  // Code point ranges of the sentences that nothing supports.
  unsupported: readonly Range[];
  onCite: (citation: Citation) => void;
}

export const Markdown = memo(function Markdown({ source, citations, unsupported, onCite }: Props) {
  const blocks = useMemo(() => parseMarkdown(source), [source]);
  const context = useMemo<Context>(
    () => ({
      citations: new Map(citations.map((citation) => [citation.n, citation])),
      unsupported: placeUnsupported(source, blocks, unsupported),
      onCite,
    }),
    [source, blocks, citations, unsupported, onCite],
  );
  return <div className="markdown">{renderBlocks(blocks, context)}</div>;
});

function renderBlocks(blocks: Block[], context: Context): ReactNode {
  return blocks.map((block, n) => <Fragment key={n}>{renderBlock(block, context)}</Fragment>);
}

function renderBlock(block: Block, context: Context): ReactNode {
  switch (block.kind) {
    case 'paragraph':
      return <p>{renderInline(block.children, context)}</p>;
    case 'heading': {
      // The page's own headings are h1 and h2; the answer's begin below them.
      const Tag = block.level <= 1 ? 'h3' : block.level === 2 ? 'h4' : 'h5';
      return <Tag>{renderInline(block.children, context)}</Tag>;
    }
    case 'list': {
      const items = block.items.map((item, n) => <li key={n}>{renderItem(item, context)}</li>);
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'quote':
      return <blockquote>{renderBlocks(block.blocks, context)}</blockquote>;
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case 'table':
      return <MarkdownTable block={block} context={context} />;
    case 'rule':
      return <hr />;
  }
}

function renderItem(blocks: Block[], context: Context): ReactNode {
  const [first, ...rest] = blocks;
  if (first?.kind !== 'paragraph') return renderBlocks(blocks, context);
  return (
    <>
      {renderInline(first.children, context)}
      {renderBlocks(rest, context)}
    </>
  );
}

function MarkdownTable({ block, context }: { block: Extract<Block, { kind: 'table' }>; context: Context }) {
  return (
    <div className="markdown-table" tabIndex={0} role="group" aria-label={block.head.map(inlineText).join('・')}>
      <table>
        <thead>
          <tr>
            {block.head.map((cell, n) => (
              <th key={n} scope="col">
                {renderInline(cell, context)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, n) => (
                <td key={n}>{renderInline(cell, context)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function renderInline(nodes: Inline[], context: Context): ReactNode {
  return nodes.map((node, n) => <Fragment key={n}>{renderNode(node, context)}</Fragment>);
}

function renderNode(node: Inline, context: Context): ReactNode {
  switch (node.kind) {
    case 'text':
      return <Leaf leaf={node} unsupported={context.unsupported} />;
    case 'code':
      return (
        <code>
          <Leaf leaf={node} unsupported={context.unsupported} />
        </code>
      );
    case 'strong':
      return <strong>{renderInline(node.children, context)}</strong>;
    case 'em':
      return <em>{renderInline(node.children, context)}</em>;
    case 'del':
      return <del>{renderInline(node.children, context)}</del>;
    case 'break':
      return <br />;
    case 'image':
      return (
        <span className="markdown-inert">
          {ja.chat.image(node.alt)}
          <Address href={node.src} />
        </span>
      );
    case 'link':
      return <MarkdownLink node={node} context={context} />;
    case 'cite':
      return <CiteChip n={node.n} context={context} />;
  }
}

function Leaf({ leaf, unsupported }: { leaf: { text: string; start: number; end: number }; unsupported: readonly UnsupportedRange[] }) {
  if (unsupported.length === 0) return leaf.text;
  return leafPieces(leaf, unsupported).map((piece, n) => (
    <Fragment key={n}>
      {piece.unsupported ? <span className="markdown-unsupported">{piece.text}</span> : piece.text}
      {piece.ends && (
        <span className="markdown-unsupported-label" title={ja.chat.unsupportedHint}>
          {ja.chat.unsupported}
        </span>
      )}
    </Fragment>
  ));
}

function MarkdownLink({ node, context }: { node: Extract<Inline, { kind: 'link' }>; context: Context }) {
  const label = renderInline(node.children, context);
  if (isLocalLink(node.href)) return <Link href={node.href}>{label}</Link>;
  const same = inlineText(node.children) === node.href;
  return (
    <span className="markdown-inert" title={ja.chat.inertLink}>
      {label}
      {!same && <Address href={node.href} />}
    </span>
  );
}

function Address({ href }: { href: string }) {
  return href === '' ? null : <span className="markdown-address">（{href}）</span>;
}

// A number the server did not issue is no citation: it stays text.
function CiteChip({ n, context }: { n: number; context: Context }) {
  const citation = context.citations.get(n);
  if (!citation) return `[${n}]`;
  return (
    <button
      type="button"
      className="cite-chip"
      data-citation={n}
      aria-label={ja.chat.citation(n, citation.document)}
      title={citation.document}
      onClick={() => context.onCite(citation)}
    >
      {n}
    </button>
  );
}
