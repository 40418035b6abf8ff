import { describe, expect, it } from 'vitest';
import type { Message } from '../../api/types';
import { answerAsMarkdown, answerAsText } from './answerText';

const message: Message = {
  id: 'A',
  parent_id: null,
  role: 'assistant',
  text: '**限度額**は130万円です[1]。早めに準備を。',
  created_at: '',
  state: 'complete',
  error: null,
  engine: '',
  model: null,
  label: null,
  characters: { in: 0, out: 0, context: 0 },
  stream_id: null,
  guard: [],
  citations: [{ n: 1, document: '契約規則.pdf', document_id: 'D', chunk_id: 'C', page: 3, section: '第5条', start: 0, end: 1, text: '' }],
  sentences: [{ start: 20, end: 27, supported: false, citations: [] }],
};

describe('copied answers', () => {
  it('carry their sources and the mark of sentences without support', () => {
    expect(answerAsText(message)).toBe('限度額は130万円です[1]。早めに準備を。（根拠なし）\n\n出典\n[1] 契約規則.pdf 第5条 3ページ\n');
    expect(answerAsMarkdown(message)).toContain('**限度額**は130万円です[1]。早めに準備を。（根拠なし）\n\n## 出典\n- [1] 契約規則.pdf');
  });
});
