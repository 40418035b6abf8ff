// The answer as plain text, for pasting into documents that know no Markdown.
import { parseMarkdown, type Block } from './blocks';
import type { Inline } from './inline';

export function toPlainText(source: string): string {
  return blocksText(parseMarkdown(source));
}

function blocksText(blocks: Block[]): string {
  return blocks.map(blockText).join('\n\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return inlineText(block.children);
    case 'list':
      return block.items
        .map((item, n) => `${block.ordered ? `${block.start + n}. ` : '・'}${blocksText(item).replace(/\n+/g, '\n　')}`)
        .join('\n');
    case 'quote':
      return blocksText(block.blocks);
    case 'code':
      return block.text;
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(inlineText).join('\t')).join('\n');
    case 'rule':
      return '――――――――';
  }
}

export function inlineText(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
        case 'code':
          return node.text;
        case 'cite':
          return `[${node.n}]`;
        case 'image':
          return `${node.alt}（${node.src}）`;
        case 'link': {
          const label = inlineText(node.children);
          return label === node.href ? label : `${label}（${node.href}）`;
        }
        case 'break':
          return '\n';
        default:
          return inlineText(node.children);
      }
    })
    .join('');
}
