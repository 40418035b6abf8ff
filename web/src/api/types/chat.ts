// Chats, messages and what the answer stream says.
import type { KeyedError, Label } from './common';
import type { GuardCount } from './guard';

export interface ChatSummary {
  id: string;
  title: string;
  updated_at: string;
  messages: number;
  label: Label;
}

export interface Chat {
  id: string;
  title: string;
  collections: string[];
  endpoint: string | null;
  label: Label;
  created_at: string;
  updated_at: string;
  head: string | null;
}

export interface Citation {
  n: number;
  document: string;
  document_id: string;
  chunk_id: string;
  page: number | null;
  section: string | null;
  start: number;
  end: number;
  text: string;
}

export interface Sentence {
  start: number;
  end: number;
  supported: boolean;
  citations: number[];
}

export type MessageState = 'complete' | 'stopped' | 'failed' | 'streaming';

export interface Message {
  id: string;
  parent_id: string | null;
  role: 'user' | 'assistant';
  text: string;
  created_at: string;
  state: MessageState;
  error: KeyedError | null;
  engine: string;
  model: string | null;
  citations: Citation[];
  sentences: Sentence[];
  label: Label | null;
  characters: { in: number; out: number; context: number };
  stream_id: string | null;
  guard: GuardCount[];
}

export interface ChatTree {
  chat: Chat;
  messages: Message[];
}

export interface NewMessage {
  text: string;
  parent_id: string | null;
  regenerate_of: string | null;
  confirm?: boolean;
}

// What the answer stream says, by SSE event name.
export type ChatEvent =
  | { type: 'open'; data: { stream_id: string; user_message: Message | null; answer_id: string } }
  | { type: 'queue'; data: { position: number } }
  | { type: 'sources'; data: { citations: Citation[] } }
  | { type: 'delta'; data: { text: string } }
  | { type: 'done'; data: { message: Message } }
  | { type: 'error'; data: { key: string; title: string; message: Message | null } };
