// The body's own policy: documents, versions, clause trees, comparisons.
import { request } from './client';
import type { VersionState } from './policyVersions';

export interface PolicyVersion {
  id: string;
  number: number;
  title: string;
  file_name: string;
  sha256: string;
  clauses: number;
  open_repairs: number;
  attributed: number;
  imported_by: string;
  imported_at: string;
  state: VersionState;
}
export interface PolicyDocument {
  id: string;
  title: string;
  versions: PolicyVersion[];
}
export interface PolicyDocuments {
  items: PolicyDocument[];
  may_manage: boolean;
}
export interface PolicyClause {
  ref: string;
  id: string;
  parent: string | null;
  kind: string;
  part: number;
  line: number;
  label: string;
  corrected: string;
  title: string;
  text: string;
  raw: string;
  page: number | null;
  edited_by: string | null;
  edited_at: string | null;
}
export interface PolicyRepair {
  repair: number;
  line: number;
  kind: string;
  from: string;
  to: string;
  ref: string | null;
  state: string;
  decided_by: string | null;
  decided_at: string | null;
}
export interface PolicyFinding {
  kind: string;
  ref: string;
  detail: string;
}
export interface PolicyTree {
  document: string;
  version: string;
  number: number;
  title: string;
  file_name: string;
  attributed: number;
  clauses: PolicyClause[];
  repairs: PolicyRepair[];
  findings: PolicyFinding[];
}
export interface ComparedPiece {
  text: string;
  changed: boolean;
}
export interface ComparedClause {
  ref: string;
  id: string;
  label: string;
  title: ComparedPiece[];
  text: ComparedPiece[];
}
export interface ComparedRow {
  before: ComparedClause | null;
  after: ComparedClause | null;
  changed: boolean;
  renumbered: boolean;
  moved: boolean;
}
export interface PolicyComparison {
  before_title: string;
  after_title: string;
  counts: { same: number; changed: number; added: number; dropped: number; renumbered: number; moved: number };
  rows: ComparedRow[];
}
export interface ComparedVersions {
  before: string;
  after: string;
  before_parts?: number[]; // of a file into which several documents are bound; left out: all
  after_parts?: number[];
  whole: boolean;
}
export interface MadeFile {
  name: string;
  type: string;
  content: string;
}

const root = '/api/v1/policies';
const version = (id: string) => `${root}/versions/${encodeURIComponent(id)}`;

export const policies = {
  list: () => request<PolicyDocuments>('GET', root),
  import: (name: string, content: string, document?: string) =>
    request<{ document: string; version: string; number: number; clauses: number; findings: number }>('POST', root, { body: { name, content, document } }),
  tree: (id: string) => request<PolicyTree>('GET', version(id)),
  decide: (id: string, repair: number, state: 'confirmed' | 'rejected') => request<PolicyRepair>('POST', `${version(id)}/repairs/${repair}`, { body: { state } }),
  edit: (id: string, clause: string, change: { label?: string; title?: string; text?: string }) =>
    request<PolicyTree>('PATCH', `${version(id)}/clauses/${encodeURIComponent(clause)}`, { body: change }),
  compare: (asked: ComparedVersions) => request<PolicyComparison>('POST', `${root}/compare`, { body: asked }),
  file: (asked: ComparedVersions, format: 'html' | 'docx' | 'xlsx', vertical: boolean) => request<MadeFile>('POST', `${root}/compare/file`, { body: { ...asked, format, vertical } }),
};
