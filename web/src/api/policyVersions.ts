// Versions of a policy document: their way from draft to in force, opinions, edits of a draft, publication, the public text.
import { request } from './client';
import type { MadeFile, PolicyTree } from './policies';

export type VersionState = 'draft' | 'opinions' | 'committee' | 'decided' | 'in_force' | 'superseded' | 'withdrawn';
export type VersionStep = 'draft' | 'opinions' | 'committee' | 'withdrawn' | 'declare' | 'edit' | 'opinion' | 'answer';

export interface PolicyVersionState {
  version: string;
  number: number;
  title: string;
  state: VersionState;
  base: string | null;
  reason: string;
  effective_on: string | null;
  decided_by: string | null;
  decided_at: string | null;
  decision: string;
  ended_at: string | null;
  request: string | null;
  request_state: string | null;
  opinions: number;
  open_opinions: number;
  open_repairs: number;
  changes: { added: number; dropped: number; changed: number; renumbered: number; moved: number };
  can: VersionStep[];
}
export interface PolicyHistory {
  document: string;
  title: string;
  items: PolicyVersionState[];
  can: string[];
}
export interface PolicyOpinion {
  id: string;
  clause: string | null;
  ref: string;
  content: string;
  given_by: string;
  given_at: string;
  state: 'open' | 'adopted' | 'not_adopted';
  answer: string;
  answered_by: string | null;
  answered_at: string | null;
}
export interface ClausePublicity {
  id: string;
  ref: string;
  title: string;
  withheld: boolean;
  inherited: boolean;
  reason: string | null;
}
export interface PolicyPublication {
  document: string;
  version: string | null;
  in_force: boolean;
  published: boolean;
  held: boolean;
  published_by: string | null;
  published_at: string | null;
  collection: string | null;
  placed: boolean;
  clauses: ClausePublicity[];
}
export interface PublicPolicy {
  document: string;
  title: string;
  number: number;
  effective_on: string;
}
export interface PublicClause {
  id: string;
  parent: string | null;
  kind: string;
  ref: string;
  label: string;
  title: string;
  text: string;
  withheld: boolean;
  depth: number;
}
export interface PublicPolicyText extends PublicPolicy {
  clauses: PublicClause[];
}
export interface AmendingText {
  title: string;
  notice: string;
  provisions: { rule: string; words: string[] }[];
  file: MadeFile | null;
}
export type Numbering = 'shift' | 'branch' | 'keep';

const root = '/api/v1/policies';
const version = (id: string) => `${root}/versions/${encodeURIComponent(id)}`;
const document = (id: string) => `${root}/documents/${encodeURIComponent(id)}`;
const clause = (id: string, which: string) => `${version(id)}/clauses/${encodeURIComponent(which)}`;
const open = (id: string) => `${root}/public/${encodeURIComponent(id)}`;

export const policyVersions = {
  history: (id: string) => request<PolicyHistory>('GET', `${document(id)}/history`),
  begin: (id: string, reason: string) => request<PolicyVersionState>('POST', `${document(id)}/amendments`, { body: { reason } }),
  advance: (id: string, to: string, more: { reason?: string; effective_on?: string }) => request<PolicyVersionState>('POST', `${version(id)}/state`, { body: { to, ...more } }),
  declare: (id: string, effective_on: string, decision: string) => request<PolicyVersionState>('POST', `${version(id)}/declare`, { body: { effective_on, decision } }),
  opinions: (id: string) => request<{ items: PolicyOpinion[] }>('GET', `${version(id)}/opinions`),
  giveOpinion: (id: string, content: string, about?: string) => request<PolicyOpinion>('POST', `${version(id)}/opinions`, { body: { content, clause: about } }),
  answerOpinion: (id: string, adopted: boolean, answer: string) => request<PolicyOpinion>('POST', `${root}/opinions/${encodeURIComponent(id)}`, { body: { adopted, answer } }),
  addClause: (id: string, place: { after?: string; under?: string }, title: string, text: string, numbering: Numbering) =>
    request<PolicyTree>('POST', `${version(id)}/clauses`, { body: { ...place, title, text, numbering } }),
  removeClause: (id: string, which: string, numbering: Numbering) => request<PolicyTree>('DELETE', `${clause(id, which)}?numbering=${numbering}`),
  moveClause: (id: string, which: string, place: { after?: string; under?: string }, numbering: Numbering) =>
    request<PolicyTree>('POST', `${clause(id, which)}/move`, { body: { ...place, numbering } }),
  amendingText: (asked: { before: string; after: string; before_parts?: number[]; after_parts?: number[]; format?: 'docx' }) =>
    request<AmendingText>('POST', `${root}/compare/amendment`, { body: asked }),
  publication: (id: string) => request<PolicyPublication>('GET', `${document(id)}/publication`),
  publish: (id: string, collection?: string) => request<PolicyPublication>('POST', `${document(id)}/publication`, { body: { collection } }),
  withdraw: (id: string) => request<PolicyPublication>('DELETE', `${document(id)}/publication`),
  withhold: (id: string, which: string, reason: string) => request<PolicyPublication>('POST', `${document(id)}/withheld/${encodeURIComponent(which)}`, { body: { reason } }),
  disclose: (id: string, which: string) => request<PolicyPublication>('DELETE', `${document(id)}/withheld/${encodeURIComponent(which)}`),
  publicList: () => request<{ items: PublicPolicy[] }>('GET', `${root}/public`),
  publicText: (id: string) => request<PublicPolicyText>('GET', open(id)),
  publicFile: (id: string, format: 'html' | 'pdf') => request<MadeFile>('GET', `${open(id)}/file?format=${format}`),
};
