// The body: profile, departments, roles, appointments, staff, keys.

// How the body calls things. The n-th level has rank n.
export interface Level {
  name: string;
  criterion: string;
}

export interface Segment {
  code: string;
  name: string;
  origins: string[];
  export_allowed: boolean;
  factors: number;
  idle_minutes: number | null;
  absolute_minutes: number | null;
}

export interface ProfileWords {
  name: string;
  self_name: string;
  kind: string;
  word_for_security: string;
  fiscal_year_start: number;
  confidentiality: Level[];
  integrity: Level[];
  availability: Level[];
  segments: Segment[];
  terms: Record<string, string>;
}

export interface ScopeFunction {
  group: string;
  number: string;
  name: string;
  members: string[];
  in_scope: boolean;
}

export interface Coded {
  code: string;
  name: string;
}

export interface TimeWord {
  word: string;
  process: string;
  minutes: number | null;
  decided_by: string | null;
  decided_on: string | null;
}

export interface OrganisationProfile extends ProfileWords {
  two_factor_powers: string[] | null;
  elevation: { asked: boolean; most_minutes: number | null } | null;
  scope: { bodies: { name: string; in_scope: boolean }[]; functions: ScopeFunction[] };
  unit_kinds: Coded[];
  role_scopes: Coded[];
  units: unknown[];
  roles: { code: string; name: string; scope: string; superior: string | null; powers: string[] }[];
  permitters: Record<string, string>;
  appointment_rules: { post: string; role: string }[];
  staff_categories: {
    code: string;
    name: string;
    counts_as_staff: boolean;
    consent_asked: boolean;
    internet_and_mail: boolean;
    contractor: boolean;
  }[];
  incident_levels: string[];
  time_words: TimeWord[];
}

export interface UnitView {
  id: string;
  code: string;
  name: string;
  parent_id: string | null;
  kind: string;
  from: string | null;
  to: string | null;
  in_force: boolean;
}

export interface ProfileVersion {
  number: number;
  state: 'draft' | 'confirmed' | 'in_force' | 'superseded';
  note: string;
  drafted_by: string;
  drafted_at: string;
  confirmed_by: string | null;
  confirmed_at: string | null;
  exception: string | null;
  started_by: string | null;
  started_at: string | null;
  ended_at: string | null;
}

export interface Organisation {
  document: OrganisationProfile | null;
  units: UnitView[];
  versions: ProfileVersion[];
}

export interface ProfileVersionWhole {
  version: ProfileVersion;
  document: OrganisationProfile;
  changed: string[];
}

export type AppointmentKind = 'main' | 'concurrent' | 'deputy' | 'secondment';

export interface Appointment {
  id: string;
  user_id: string;
  user: string;
  department_id: string;
  department: string;
  role: string | null;
  role_name: string | null;
  system: string | null;
  kind: AppointmentKind;
  from: string;
  to: string | null;
  basis: string;
  in_force: boolean;
}

export interface NewAppointment {
  user_id: string;
  department_id: string;
  role: string | null;
  system: string | null;
  kind: AppointmentKind;
  from: string;
  to: string | null;
  basis: string;
}

export interface StaffImport {
  content: string;
  encoding: string | null;
  day: string | null;
  complete: boolean;
  skip_refused: boolean;
  expect: string | null;
}

export interface StaffChange {
  kind: 'joins' | 'returns' | 'changes' | 'moves' | 'leaves';
  line: number | null;
  number: string;
  name: string;
  day: string;
  differences: { field: string; before: string; after: string }[];
}

export interface StaffPreview {
  plan: string;
  encoding: string;
  encoding_certain: boolean;
  counts: Record<StaffChange['kind'] | 'same' | 'refused', number>;
  changes: StaffChange[];
  refused: { line: number; key: string; reason: string }[];
}

export interface User {
  id: string;
  login: string;
  name: string;
  department_id: string | null;
  department?: string;
  roles: string[];
  enabled: boolean;
  last_login_at: string | null;
  valid_from: string | null;
  valid_to: string | null; // over from this moment on
  locked_until: string | null;
  privileged: boolean;
  password: 'own' | 'provisional' | 'provisional_over';
  state: 'active' | 'suspended' | 'not_yet' | 'over';
}

export interface NewUser {
  login: string;
  name: string;
  department_id: string;
  roles: string[];
  valid_from?: string;
  valid_to?: string;
}

// Empty text opens a side of the period again.
export interface UserChange {
  name?: string;
  department_id?: string | null;
  roles?: string[];
  enabled?: boolean;
  valid_from?: string;
  valid_to?: string;
  reason?: string;
}

export interface Department {
  id: string;
  name: string;
  parent_id: string | null;
}

export interface Role {
  code: string;
  name: string;
}

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  created_at: string;
  last_used_at: string | null;
  segments: string[];
  sources: string;
  secret?: string;
}
