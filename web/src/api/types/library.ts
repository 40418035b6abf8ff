// Collections, documents, uploads, their classes, search.
import type { Label, Page } from './common';

export interface Collection {
  id: string;
  name: string;
  description: string;
  department: string;
  documents: number;
  bytes: number;
  label: Label;
  readers: string;
  can_manage: boolean;
}

export interface NewCollection {
  name: string;
  description: string;
  confidentiality: number;
  readers: 'all' | 'department';
}

export type DocumentState = 'waiting' | 'reading' | 'ready' | 'unruled' | 'failed' | 'stopped';

export interface Document {
  id: string;
  collection_id: string;
  name: string;
  type: string;
  encoding: string | null;
  encoding_certain: boolean;
  state: DocumentState;
  reason: string | null;
  reason_key: string | null;
  bytes: number;
  characters: number;
  pages: number | null;
  chunks: number;
  created_at: string;
  label: Label;
}

export interface Section {
  n: number;
  heading: string;
  level: number;
  page: number | null;
  label: string | null;
  start: number;
  end: number;
  text: string;
}

export interface DocumentText {
  document: Document;
  version: number;
  sections: Section[];
}

export interface UploadFile {
  document_id: string;
  name: string;
  bytes: number;
  state: DocumentState;
  reason: string | null;
}

export interface Upload {
  id: string;
  collection_id: string;
  state: 'open' | 'running' | 'stopped' | 'done';
  received: number;
  ready: number;
  failed: number;
  waiting: number;
  class_unknown: boolean;
  files?: UploadFile[];
  last?: { document_id: string; name: string; state: DocumentState; reason: string | null };
}

export interface Ranks {
  confidentiality: number;
  integrity: number;
  availability: number;
}

// What waits for its class: its name and place, no content. A choice lies between the least that it may be and what counts until then.
export interface Unruled {
  id: string;
  what: 'document' | 'collection';
  waits_for: 'class' | 'choice';
  name: string;
  collection_id: string;
  collection: string;
  department: string;
  bytes: number;
  created_at: string;
  own: boolean;
  given: Ranks | null;
  least: Ranks | null;
}

export interface UnruledPage extends Page<Unruled> {
  confidentiality: string[];
  integrity: string[];
  availability: string[];
}

export interface Classes {
  confidentiality: number;
  integrity?: number;
  availability?: number;
}

export interface Ruling extends Classes {
  reason: string;
}

export type Range = [start: number, end: number];

export interface SearchHit {
  rank: number;
  document: string;
  document_id: string;
  collection_id: string;
  chunk_id: string;
  section: string | null;
  page: number | null;
  score: number;
  start: number;
  end: number;
  text: string;
  marks: Range[];
  label: Label;
}

export interface SearchResult {
  hits: SearchHit[];
  ms: number;
}
