// Reading the policy: what I am asked to read, the acknowledgement, who has not read.
import { request } from './client';
import type { MadeFile } from './policies';

export type ReadingState = 'unread' | 'opened' | 'acknowledged' | 'extended';
export interface Reading {
  document: string;
  version: string;
  title: string;
  number: number;
  effective_on: string;
  clauses: number;
  state: ReadingState;
  since: string;
  acknowledged_at: string | null;
  closes_at: string | null;
  consent_asked: boolean;
  consented_at: string | null;
}
export interface Readings {
  items: Reading[];
  closed: boolean;
  may_see_people: boolean;
}
export interface ReadingClause {
  id: string;
  ref: string;
  label: string;
  title: string;
  text: string;
  modality: string;
  addressed: boolean;
  withheld: boolean;
  depth: number;
}
export interface ReadingPage {
  reading: Reading;
  sha256: string;
  clauses: ReadingClause[];
}
export interface ReadingQuestion {
  id: string;
  number: string;
  clause: string | null;
  ref: string;
  version: string;
  question: string;
  state: string;
  open: boolean;
  answer: string;
  asked_at: string;
}
export interface ShownToStaff {
  document: string;
  shown: boolean;
  held: boolean;
  in_force: boolean;
  shown_by: string | null;
  shown_at: string | null;
  version: string | null;
}
export interface Reader {
  document: string;
  title: string;
  number: number;
  person: string;
  name: string;
  department: string;
  category: string;
  consent_asked: boolean;
  state: ReadingState;
  opened_at: string | null;
  acknowledged_at: string | null;
  consented_at: string | null;
  closes_at: string | null;
}
export interface Readers {
  departments: { department: string; name: string; people: number; acknowledged: number; consents_asked: number; consented: number }[];
  items: Reader[];
}
export interface ReadingRule {
  before_ai: boolean;
  grace_days: number;
  set_by: string | null;
  set_at: string | null;
}
export interface ReadersFilter {
  department?: string;
  all?: boolean;
}

const root = '/api/v1/policies/readings';
const one = (document: string) => `${root}/${encodeURIComponent(document)}`;
const shown = (document: string) => `/api/v1/policies/documents/${encodeURIComponent(document)}/reading`;

function query(filter: ReadersFilter): string {
  const words = new URLSearchParams();
  if (filter.department) words.set('department', filter.department);
  if (filter.all) words.set('show', 'all');
  const text = words.toString();
  return text === '' ? '' : `?${text}`;
}

export const reading = {
  own: () => request<Readings>('GET', root),
  state: () => request<{ closed: boolean }>('GET', `${root}/state`),
  open: (document: string) => request<ReadingPage>('POST', one(document)),
  acknowledge: (page: ReadingPage) =>
    request<Reading>('POST', `${one(page.reading.document)}/acknowledgement`, { body: { version: page.reading.version, sha256: page.sha256 } }),
  consent: (page: ReadingPage) => request<Reading>('POST', `${one(page.reading.document)}/consent`, { body: { version: page.reading.version, sha256: page.sha256 } }),
  questions: (document: string) => request<{ items: ReadingQuestion[] }>('GET', `${one(document)}/questions`),
  ask: (page: ReadingPage, question: string, clause?: string) =>
    request<{ items: ReadingQuestion[] }>('POST', `${one(page.reading.document)}/questions`, { body: { version: page.reading.version, clause, question } }),
  people: (filter: ReadersFilter) => request<Readers>('GET', `${root}/people${query(filter)}`),
  peopleFile: (filter: ReadersFilter) => request<MadeFile>('GET', `${root}/people/file${query(filter)}`),
  rule: () => request<ReadingRule>('GET', `${root}/rule`),
  setRule: (before_ai: boolean, grace_days: number) => request<ReadingRule>('PUT', `${root}/rule`, { body: { before_ai, grace_days } }),
  shown: (document: string) => request<ShownToStaff>('GET', shown(document)),
  show: (document: string) => request<ShownToStaff>('POST', shown(document)),
  hide: (document: string) => request<ShownToStaff>('DELETE', shown(document)),
};
