// Coverage of the body's policy: clauses, controls, evidence, gaps, and one's own duties.
import { request } from './client';

export type CoverageState = 'green' | 'amber' | 'red' | 'not_applicable';
export interface CoverageEvidence {
  id: string | null;
  what: string;
  dated_at: string | null;
  expires_at: string | null;
  sha256: string;
  link: string;
  recorded_by: string;
  recorded_at: string | null;
  withdrawn_by: string | null;
  withdraw_reason: string | null;
}
export interface CoverageControl {
  id: string;
  title: string;
  kind: string;
  capabilities: string[];
  clause: string;
  state: CoverageState;
  reason: string;
  facts: { name: string; value: string }[];
  log_seq: number | null;
  evidence: CoverageEvidence[];
  due_at: string | null;
  responsible: string;
  role: string;
  mend: string;
  clauses: string[];
}
export interface CoverageClause {
  version: string;
  id: string;
  ref: string;
  chapter: string;
  title: string;
  text: string;
  modality: string;
  actor: string;
  kind: string;
  capability: string;
  confirmed: boolean;
  state: CoverageState;
  reason: string;
  controls: string[];
}
export interface CoverageCounts {
  green: number;
  amber: number;
  red: number;
  not_applicable: number;
}
export interface CoverageGap {
  id: string;
  control: string;
  title: string;
  clause: string;
  state: CoverageState;
  reason: string;
  role: string;
  mend: string;
  opened_at: string;
  closed_at: string | null;
  closed_by: string | null;
  close_reason: string | null;
}
export interface Coverage {
  body: string;
  body_name: string;
  year: number;
  year_label: string;
  live: boolean;
  at: string;
  catalogue: string;
  clause_counts: CoverageCounts;
  control_counts: CoverageCounts;
  documents: { document: string; version: string; title: string; sha256: string }[];
  chapters: { version: string; part: number; document: string; chapter: string; title: string; counts: CoverageCounts }[];
  clauses: CoverageClause[];
  controls: CoverageControl[];
  gaps: CoverageGap[];
  may_manage: boolean;
}
export interface CoverageDuty {
  control: string;
  title: string;
  role: string;
  state: CoverageState;
  reason: string;
  due_at: string | null;
  mend: string;
  clauses: string[];
}
export interface CoverageDuties {
  month: string;
  roles: string[];
  items: CoverageDuty[];
  clauses: CoverageClause[];
}
export interface NewEvidence {
  control: string;
  what: string;
  date: string;
  expires?: string;
  sha256?: string;
  link?: string;
}

const root = '/api/v1/policies/coverage';
const asked = (year?: number) => (year === undefined ? '' : `?year=${year}`);

export const coverage = {
  read: (year?: number) => request<Coverage>('GET', `${root}${asked(year)}`),
  own: () => request<CoverageDuties>('GET', `${root}/own`),
  dossier: (format: 'html' | 'pdf', year?: number) =>
    request<{ name: string; type: string; content: string }>('GET', `${root}/dossier?format=${format}${year === undefined ? '' : `&year=${year}`}`),
  settle: () => request<{ opened: number; closed: number }>('POST', `${root}/gaps`, { body: {} }),
  record: (evidence: NewEvidence) => request<CoverageEvidence>('POST', `${root}/evidence`, { body: evidence }),
  withdraw: (id: string, reason: string) => request<void>('POST', `${root}/evidence/${encodeURIComponent(id)}/withdraw`, { body: { reason } }),
  close: (id: string, reason: string) => request<void>('POST', `${root}/gaps/${encodeURIComponent(id)}/close`, { body: { reason } }),
};
