// What clauses of the body's own policy ask for, and the policy beside the national guideline.
import { request } from './client';

export type MeaningState = 'suggested' | 'confirmed' | 'refused';
export interface PolicyMeaning {
  clause: string;
  ref: string;
  title: string;
  text: string;
  hash: string;
  modality: string;
  actor: string;
  actor_name: string;
  object: string;
  kind: string;
  capability: string;
  gist: string;
  state: MeaningState;
  stale: boolean;
  decided_by: string | null;
  decided_at: string | null;
}
export interface PolicyMeaningCounts {
  suggested: number;
  confirmed: number;
  refused: number;
  stale: number;
}
export interface PolicyMeanings {
  document: string;
  version: string;
  number: number;
  title: string;
  counts: PolicyMeaningCounts;
  items: PolicyMeaning[];
  capabilities: string[];
  actors: { code: string; name: string }[];
  may_manage: boolean;
}
export interface MeaningFilter {
  state: string;
  kind: string;
  capability: string;
}
export interface MeaningDecision {
  clause: string;
  hash: string;
  state: MeaningState;
  modality?: string;
  actor?: string;
  object?: string;
  kind?: string;
  capability?: string;
}
export interface GuidelineClause {
  document: string;
  version: string;
  clause: string;
  ref: string;
  words: string;
  state: string;
}
export interface GuidelineTopic {
  code: string;
  section: string;
  section_title: string;
  topic: string;
  clauses: GuidelineClause[];
}
export interface GuidelineReview {
  source: string;
  versions: { version: string; title: string; number: number }[];
  topics: GuidelineTopic[];
  unmapped: GuidelineClause[];
  gaps: number;
  crosswalk: { three: string; five: string[]; note: string }[];
  may_manage: boolean;
}

const root = '/api/v1/policies';
const of = (version: string) => `${root}/versions/${encodeURIComponent(version)}/meanings`;

export const meanings = {
  list: (version: string, filter: MeaningFilter) => {
    const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
    return request<PolicyMeanings>('GET', query.size > 0 ? `${of(version)}?${query}` : of(version));
  },
  decide: (version: string, items: MeaningDecision[]) => request<{ decided: number; counts: PolicyMeaningCounts }>('POST', of(version), { body: { items } }),
  guideline: () => request<GuidelineReview>('GET', `${root}/guideline`),
  map: (version: string, clause: string, item: string, state: MeaningState) => request<unknown>('POST', `${root}/guideline`, { body: { version, clause, item, state } }),
};
