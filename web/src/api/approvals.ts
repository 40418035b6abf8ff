// Requests for permission: shapes and operations of the API.
import { request } from './client';
import type { Page } from './types';

export type ApprovalState =
  | 'draft'
  | 'submitted'
  | 'returned'
  | 'granted'
  | 'in_force'
  | 'refused'
  | 'finished'
  | 'expired'
  | 'revoked'
  | 'withdrawn';
export type Box = 'mine' | 'rule' | 'notified' | 'all';
export type Can = 'edit' | 'submit' | 'withdraw' | 'finish' | 'grant' | 'return' | 'refuse' | 'revoke' | 'override';

export interface ApprovalField {
  key: string;
  title: string;
  type: 'text' | 'long_text' | 'date' | 'number' | 'choice' | 'account' | 'label';
  required: boolean;
  choices: string[] | null;
}

export interface ApprovalKind {
  key: string;
  title: string;
  description: string;
  clauses: string[];
  approvers: string[];
  notified: string[];
  fields: ApprovalField[];
  needs_reason: boolean;
  period: 'none' | 'end' | 'end_or_review';
  max_days: number | null;
  after_the_fact: boolean;
  may_ask: boolean;
}

export interface ApprovalItem {
  id: string;
  kind: string;
  title: string;
  state: ApprovalState;
  requester: string;
  department: string;
  reason: string;
  submitted_at: string | null;
  ends_at: string | null;
  review_at: string | null;
  done_at: string | null;
  exception: boolean;
  notice: string | null;
  unseen: boolean;
  elsewhere: string[]; // asked in these segments: its text is not shown here
}

export interface ApprovalSlot {
  roles: string;
  unit: string;
  open: boolean;
  signed_by: string | null;
  on_behalf: string | null;
  signed_at: string | null;
  conditions: string;
  exception: boolean;
  candidates: string[];
}

export interface Approval {
  id: string;
  kind: string;
  title: string;
  clauses: string[];
  state: ApprovalState;
  revision: number;
  content_hash: string;
  elsewhere: string[];
  requester: string;
  department: string;
  subject: string;
  fields: { key: string; title: string; value: string }[];
  values: Record<string, string>;
  reason: string;
  starts_at: string | null;
  ends_at: string | null;
  review_at: string | null;
  done_at: string | null;
  created_at: string;
  submitted_at: string | null;
  decided_at: string | null;
  slots: ApprovalSlot[];
  exceptions: { name: string; reason: string; at: string }[];
  history: { event: string; name: string; note: string; at: string }[];
  notices: { event: string; to: string; at: string; seen: { name: string; at: string }[] }[];
  can: Can[];
}

export interface ApprovalInput {
  fields: Record<string, string>;
  reason: string;
  starts_at: string | null;
  ends_at: string | null;
  review_at: string | null;
  done_at: string | null;
}

const base = '/api/v1/approvals';
const of = (id: string) => `${base}/${encodeURIComponent(id)}`;

export const approvals = {
  kinds: async () => (await request<Page<ApprovalKind>>('GET', '/api/v1/approval-kinds')).items,
  list: (box: Box, after: string | null, limit = 50) =>
    request<Page<ApprovalItem>>('GET', `${base}?box=${box}&limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ''}`),
  get: (id: string) => request<Approval>('GET', of(id)),
  create: (kind: string, input: ApprovalInput, submit: boolean) => request<Approval>('POST', base, { body: { kind, ...input, submit } }),
  edit: (id: string, input: ApprovalInput) => request<Approval>('PATCH', of(id), { body: input }),
  submit: (id: string) => request<Approval>('POST', `${of(id)}/submit`, { body: {} }),
  finish: (id: string) => request<Approval>('POST', `${of(id)}/finish`, { body: {} }),
  rule: (id: string, verdict: 'grant' | 'refuse' | 'return', content_hash: string, note: string) =>
    request<Approval>('POST', `${of(id)}/${verdict}`, { body: { content_hash, note } }),
  revoke: (id: string, reason: string) => request<Approval>('POST', `${of(id)}/revoke`, { body: { reason } }),
  except: (id: string, content_hash: string, reason: string, note: string) =>
    request<Approval>('POST', `${of(id)}/override`, { body: { content_hash, reason, note } }),
  see: (id: string) => request<object>('POST', `${of(id)}/see`, { body: {} }),
};
