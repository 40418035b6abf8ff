import { describe, expect, it } from 'vitest';
import type { ChatTree, Message } from '../../api/types';
import { reduce, type State } from './conversationState';
import { leafUnder, pathTo, siblingsOf } from './tree';

function message(id: string, parent_id: string | null, role: Message['role'], change: Partial<Message> = {}): Message {
  return {
    id,
    parent_id,
    role,
    text: id,
    created_at: '',
    state: 'complete',
    error: null,
    engine: '',
    model: null,
    citations: [],
    sentences: [],
    label: null,
    characters: { in: 0, out: 0, context: 0 },
    stream_id: null,
    guard: [],
    ...change,
  };
}

const messages = [
  message('1', null, 'user'),
  message('2', '1', 'assistant'),
  message('3', '1', 'assistant'),
  message('4', '3', 'user'),
  message('5', null, 'user'),
];
const tree: ChatTree = {
  chat: {
    id: 'C',
    title: '',
    collections: [],
    endpoint: null,
    created_at: '',
    updated_at: '',
    head: '2',
    label: { c: 1, i: 1, a: 1, segments: [], state: 'known', text: '', reason: '', classes: [], segment_names: [], readers: [], change: '' },
  },
  messages,
};

describe('tree', () => {
  it('shows the branch of the head down to its newest leaf', () => {
    expect(pathTo(messages, '2').map((item) => item.id)).toEqual(['1', '2']);
    expect(pathTo(messages, '3').map((item) => item.id)).toEqual(['1', '3', '4']);
    expect(pathTo(messages, null).map((item) => item.id)).toEqual(['5']);
    expect(pathTo([], null)).toEqual([]);
  });

  it('knows siblings and leaves', () => {
    expect(siblingsOf(messages, messages[1]!).map((item) => item.id)).toEqual(['2', '3']);
    expect(leafUnder(messages, '1')).toBe('4');
  });

  it('survives a cycle', () => {
    const cycle = [message('a', 'b', 'user'), message('b', 'a', 'assistant')];
    expect(pathTo(cycle, 'a').length).toBeLessThanOrEqual(2);
  });
});

describe('reduce', () => {
  const asking: State = reduce({ tree, live: null }, { type: 'asking', asking: { text: '問', parent_id: '2', regenerate_of: null } });

  it('grows an answer from open to done', () => {
    let state = reduce(asking, {
      type: 'event',
      event: { type: 'open', data: { stream_id: 'S', user_message: message('6', '2', 'user'), answer_id: '7' } },
    });
    state = reduce(state, { type: 'event', event: { type: 'delta', data: { text: 'は' } } });
    state = reduce(state, { type: 'event', event: { type: 'delta', data: { text: 'い' } } });
    expect(pathTo(state.tree!.messages, state.tree!.chat.head).at(-1)).toMatchObject({
      id: '7',
      text: 'はい',
      state: 'streaming',
      parent_id: '6',
    });
    state = reduce(state, {
      type: 'event',
      event: { type: 'done', data: { message: message('7', '6', 'assistant', { text: 'はい。' }) } },
    });
    expect(state.tree!.messages.find((item) => item.id === '7')).toMatchObject({ text: 'はい。', state: 'complete' });
  });

  it('puts an answer made again beside the first', () => {
    const again = reduce({ tree, live: null }, { type: 'asking', asking: { text: '', parent_id: '1', regenerate_of: '2' } });
    const state = reduce(again, { type: 'event', event: { type: 'open', data: { stream_id: 'S', user_message: null, answer_id: '8' } } });
    expect(siblingsOf(state.tree!.messages, messages[1]!).map((item) => item.id)).toEqual(['2', '3', '8']);
    expect(state.tree!.chat.head).toBe('8');
  });

  it('begins the text anew when a stream is replayed from its start', () => {
    const half = message('9', '1', 'assistant', { text: '途中', state: 'streaming', stream_id: 'S' });
    const start: State = { tree: { ...tree, messages: [...messages, half] }, live: null };
    let state = reduce(start, { type: 'resuming', message: half });
    state = reduce(state, { type: 'event', event: { type: 'open', data: { stream_id: 'S', user_message: null, answer_id: '9' } } });
    state = reduce(state, { type: 'event', event: { type: 'delta', data: { text: '途中から' } } });
    expect(state.tree!.messages.find((item) => item.id === '9')!.text).toBe('途中から');
  });
});
