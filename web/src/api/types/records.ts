// What is kept and counted: usage, content log, disposal, retention, alarms, reviews, backups.
import type { Label } from './common';
import type { Department } from './organisation';

export interface UsageNumbers {
  uses: number;
  characters_in: number;
  characters_out: number;
  characters_context: number;
  counted: number;
}

export interface UsageDay extends UsageNumbers {
  day: string;
}

export interface UsageGroup extends UsageNumbers {
  id: string;
  name: string;
  department: string;
  budget: number | null;
  level: number;
}

export interface Usage extends UsageNumbers {
  month: string;
  budget: number;
  reserved: number;
  remaining: number;
  forecast: number;
  level: number;
  thresholds: { percent: number; characters: number; reached_at: string | null }[];
  days: UsageDay[];
  months: UsageDay[];
  departments: UsageGroup[];
  endpoints: UsageGroup[];
  purposes: UsageGroup[];
  storage: { bytes: number; limit: number; level: number; departments: { id: string; name: string; bytes: number }[] };
}

export interface OwnUsage {
  month: string;
  characters: number;
  budget: number | null;
  level: number;
  department_level: number;
  body_level: number;
}

export interface UsageBudget {
  scope: string;
  target: string;
  name: string;
  monthly: number;
  is_default: boolean;
  set_by: string;
  set_at: string | null;
}

export interface LogFilter {
  person?: string;
  department?: string;
  from?: string;
  to?: string;
  words?: string;
  denied?: boolean;
  basis?: string;
  after?: string;
}

export interface LoggedQuestion {
  seq: number;
  answer_seq: number | null;
  at: string;
  answered_at: string | null;
  person: { id: string; login: string; name: string; department: string };
  door: string;
  decision: string;
  clause: string;
  error: string | null;
  content: 'shown' | 'hidden' | 'erased';
  question: string;
  answer: string;
  state: string;
  engine: string;
  model: string | null;
  passages: number[];
  characters: { in: number; out: number; context: number };
  findings: { kind: string; action: string; count: number }[];
  label: Label;
}

export interface LogPeople {
  people: { id: string; login: string; name: string; department: string }[];
  departments: Department[];
}

export interface DisposalBackup {
  place: string;
  until: string;
}

export interface Disposal {
  id: string;
  scope: string;
  target: string;
  what: string;
  items: number;
  items_hash: string;
  approval: string;
  approval_state: string;
  state: string;
  requested_by: string;
  requested_at: string;
  permitted: { id: string; name: string }[];
  permitted_at: string | null;
  done_at: string | null;
  counts: Record<string, number>;
  remaining: { store: string; count: number; until: string | null; ground: string }[];
  rest_at: string | null;
  verification: {
    at: string | null;
    files: number;
    bytes: number;
    samples: number;
    shared: number;
    terms: number;
    found: number;
    places: string[];
  };
  trouble: string;
  certificates: number;
}

export interface NewDisposal {
  scope: string;
  target?: string;
  documents?: string[];
  with_documents?: boolean;
  what: string;
  reason: string;
  backups: DisposalBackup[];
}

export interface DisposalCertificate {
  number: number;
  at: string;
  name: string;
  file: string;
  pdf_base64: string;
}

export interface RetentionRule {
  kind: string;
  months: number | null;
  set_by: string;
  set_at: string | null;
  earliest: string;
}

export interface RetentionHold {
  id: string;
  kind: string;
  from_month: string;
  to_month: string;
  incident: string;
  reason: string;
  set_by: string;
  set_at: string;
  released_by: string | null;
  released_at: string | null;
  release_reason: string | null;
}

export interface Alarm {
  id: string;
  kind: string;
  detail: string;
  clause: string;
  opened_at: string;
  times: number;
  recorded_at: string | null;
  confirmed_by: string | null;
  confirmed_at: string | null;
  finding: string | null;
}

export interface AlarmList {
  items: Alarm[];
  confirmed: Alarm[];
}

export interface ReviewSummary {
  period: string;
  months: number;
  made_at: string;
  due_at: string;
  state: string;
  questions: number;
  findings: number;
  concluded_by: string | null;
  concluded_at: string | null;
}

export interface ReviewFinding {
  kind: string;
  person: string;
  department: string;
  count: number;
  from: string;
  to: string;
}

export interface ReviewEntry {
  seq: number;
  at: string;
  act: string;
  object: string;
  decision: string;
  clause: string;
  error: string;
}

export interface Review {
  summary: ReviewSummary;
  rules: { burst: number; day_begins: number; day_ends: number; failed_logins: number; months: number };
  people: number;
  days: { day: string; questions: number; off_hours: number; guard: number }[];
  hours: number[];
  totals: Record<string, number>;
  departments: { department: string; findings: number }[];
  findings: ReviewFinding[];
  conclusion: string | null;
}

export interface Retention {
  least_months: number;
  rules: RetentionRule[];
  plan: { kind: string; month: string; due_at: string; state: string; held_by: string; count: number | null; bytes: number | null }[];
  erased: { kind: string; month: string; erased_at: string; payloads: number; swept: boolean }[];
  holds: RetentionHold[];
}

export interface BackupSet {
  file: string;
  at: string;
  kind: string;
  place: string;
  label: string;
  database_bytes: number;
  originals: number;
  original_bytes: number;
  new_bytes: number;
  took_ms: number;
  gone_at: string | null;
}

export interface RestoreTest {
  at: string;
  file: string;
  good: boolean;
  restore_ms: number;
  compare_ms: number;
  bytes: number;
  report: { body: string; set: string; at: string; tables: number; rows: number; originals: number; leaves: number; root: string; faults: string[] };
}

export interface Backups {
  made: boolean;
  interval_minutes: number;
  tick_seconds: number;
  keep_days: number;
  keep_tick_days: number;
  last_set: string | null;
  late: boolean;
  alarm: { begun_at: string; reason: string; ended_at: string | null } | null;
  sets: BackupSet[];
  tests: RestoreTest[];
}

export interface Status {
  version: string;
  log: { size: number; root: string; checkpoint_at: string | null };
}
