// What "copy" puts on the clipboard: the answer with its sources, and a mark that an unsupported sentence had on the screen.
import type { Message } from '../../api/types';
import { toPlainText } from '../../lib/markdown/plain';
import { utf16Index } from '../../lib/text';
import { ja } from '../../messages/ja';

export function answerAsMarkdown(message: Message): string {
  const list = sourceLines(message).map((line) => `- ${line}`);
  return withSources(marked(message), list, `## ${ja.chat.sourceHeading}`);
}

export function answerAsText(message: Message): string {
  return withSources(toPlainText(marked(message)), sourceLines(message), ja.chat.sourceHeading);
}

function withSources(text: string, lines: string[], heading: string): string {
  return lines.length === 0 ? text : `${text}\n\n${heading}\n${lines.join('\n')}\n`;
}

function marked(message: Message): string {
  let text = message.text;
  const ends = message.sentences.filter((sentence) => !sentence.supported).map((sentence) => utf16Index(text, sentence.end));
  for (const end of ends.sort((a, b) => b - a)) {
    const at = text.slice(0, end).trimEnd().length;
    text = `${text.slice(0, at)}（${ja.chat.unsupported}）${text.slice(at)}`;
  }
  return text;
}

function sourceLines(message: Message): string[] {
  return message.citations.map((citation) =>
    [`[${citation.n}] ${citation.document}`, citation.section, citation.page === null ? null : ja.chat.page(citation.page)]
      .filter(Boolean)
      .join(' '),
  );
}
