// What the conversation page knows, and how each event of an answer changes it. Pure: the hook in useConversation.ts drives it.
import type { Chat, ChatEvent, ChatTree, Message } from '../../api/types';

export interface Asking {
  text: string;
  parent_id: string | null;
  regenerate_of: string | null;
  confirm?: boolean;
}

export interface Live {
  // The question before the server confirmed it; null when an answer is being taken up again.
  asking: Asking | null;
  answerId: string | null;
  streamId: string | null;
  position: number;
  reconnecting: boolean;
}

export interface State {
  tree: ChatTree | null;
  live: Live | null;
}

export type Action =
  | { type: 'loaded'; tree: ChatTree }
  | { type: 'chat'; chat: Chat }
  | { type: 'head'; head: string }
  | { type: 'asking'; asking: Asking }
  | { type: 'resuming'; message: Message }
  | { type: 'event'; event: ChatEvent }
  | { type: 'reconnecting'; reconnecting: boolean }
  | { type: 'lost'; id: string }
  | { type: 'ended' };

const idle: Live = { asking: null, answerId: null, streamId: null, position: 0, reconnecting: false };

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'loaded':
      return { ...state, tree: action.tree };
    case 'chat':
      return withTree(state, (tree) => ({ ...tree, chat: action.chat }));
    case 'head':
      return withTree(state, (tree) => ({ ...tree, chat: { ...tree.chat, head: action.head } }));
    case 'asking':
      return { ...state, live: { ...idle, asking: action.asking } };
    case 'resuming':
      return { ...state, live: { ...idle, answerId: action.message.id, streamId: action.message.stream_id } };
    case 'reconnecting':
      return state.live ? { ...state, live: { ...state.live, reconnecting: action.reconnecting } } : state;
    case 'lost':
      return withTree(state, (tree) => changed(tree, action.id, (message) => ({ ...message, state: 'failed', error: message.error })));
    case 'ended':
      return { ...state, live: null };
    case 'event':
      return onEvent(state, action.event);
  }
}

function onEvent(state: State, event: ChatEvent): State {
  const { live } = state;
  if (!live) return state;
  switch (event.type) {
    case 'open':
      return opened(state, live, event.data);
    case 'queue':
      return { ...state, live: { ...live, position: event.data.position } };
    case 'sources':
      return withTree({ ...state, live: { ...live, position: 0 } }, (tree) =>
        changed(tree, live.answerId, (message) => ({ ...message, citations: event.data.citations })),
      );
    case 'delta':
      return withTree({ ...state, live: live.position === 0 ? live : { ...live, position: 0 } }, (tree) =>
        changed(tree, live.answerId, (message) => ({ ...message, text: message.text + event.data.text })),
      );
    case 'done':
      return withTree(state, (tree) => put(tree, event.data.message));
    case 'error': {
      const { key, title, message } = event.data;
      if (message) return withTree(state, (tree) => put(tree, message));
      return withTree(state, (tree) => changed(tree, live.answerId, (old) => ({ ...old, state: 'failed', error: { key, title } })));
    }
  }
}

// Also the first event when a stream is replayed from its start: the answer's text begins anew.
function opened(state: State, live: Live, data: { stream_id: string; user_message: Message | null; answer_id: string }): State {
  const next: State = { ...state, live: { ...live, asking: null, answerId: data.answer_id, streamId: data.stream_id } };
  return withTree(next, (tree) => {
    const withQuestion = data.user_message ? put(tree, data.user_message) : tree;
    const known = withQuestion.messages.find((message) => message.id === data.answer_id);
    const parent = known?.parent_id ?? data.user_message?.id ?? answeredQuestion(withQuestion, live.asking);
    const answer: Message = known ? { ...known, text: '', state: 'streaming' } : blankAnswer(data.answer_id, parent, data.stream_id);
    const head = put(withQuestion, answer);
    return { ...head, chat: { ...head.chat, head: data.answer_id } };
  });
}

function answeredQuestion(tree: ChatTree, asking: Asking | null): string | null {
  return tree.messages.find((message) => message.id === asking?.regenerate_of)?.parent_id ?? null;
}

function blankAnswer(id: string, parent: string | null, stream: string): Message {
  return {
    id,
    parent_id: parent,
    role: 'assistant',
    text: '',
    created_at: new Date().toISOString(),
    state: 'streaming',
    error: null,
    engine: '',
    model: null,
    citations: [],
    sentences: [],
    label: null,
    characters: { in: 0, out: 0, context: 0 },
    stream_id: stream,
    guard: [],
  };
}

function withTree(state: State, change: (tree: ChatTree) => ChatTree): State {
  return state.tree ? { ...state, tree: change(state.tree) } : state;
}

function put(tree: ChatTree, message: Message): ChatTree {
  const known = tree.messages.some((old) => old.id === message.id);
  return { ...tree, messages: known ? tree.messages.map((old) => (old.id === message.id ? message : old)) : [...tree.messages, message] };
}

function changed(tree: ChatTree, id: string | null, change: (message: Message) => Message): ChatTree {
  return { ...tree, messages: tree.messages.map((message) => (message.id === id ? change(message) : message)) };
}
