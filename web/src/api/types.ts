// Shapes of the HTTP API (v1). Times are RFC 3339 strings, ids are ULID strings, ranges are Unicode code points (end exclusive).

export interface Label {
  c: number;
  i: number;
  a: number;
  segments: string[];
  state: 'known' | 'unknown';
  text: string;
  reason: string;
  // In the profile's words: the name on each axis, the segments, who may read (all of these lines at once), who could have it lowered.
  classes: string[];
  segment_names: string[];
  readers: string[];
  change: string;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Problem {
  status: number;
  key: string;
  title: string;
  clause?: string;
  who_can_permit?: string;
  where?: string; // which part of what was sent is wrong
  request_id?: string;
}

export interface KeyedError {
  key: string;
  title: string;
}

export interface Body {
  id?: string;
  code: string;
  name: string;
  banner?: string;
}

export interface SessionUser {
  id: string;
  login: string;
  name: string;
  department: string;
  roles: string[];
  powers: string[];
}

export interface Session {
  user: SessionUser;
  body: Body;
  csrf: string;
  segment: string;
  may_carry_out: boolean;
  last_login_at: string | null;
  last_logout_at: string | null;
  failures: FailedLogin[];
  password_must_change: boolean;
  idle_seconds: number;
  second_factor: 'not_needed' | 'needed' | 'given';
  second_factor_kinds: FactorKind[];
  second_factor_enrolled: boolean;
  elevation: Elevation;
}

// Privileged rights: whether this person has to open them before use, and whether they are open.
export interface Elevation {
  asked: boolean;
  id: string | null;
  reason: string;
  from_at: string | null;
  to_at: string | null;
  seconds_left: number;
  most_minutes: number;
  by_factor: boolean;
  powers: string[];
  deputy_for: string[];
}

export interface ElevationInput {
  minutes: number;
  reason: string;
  password?: string;
}

export interface ElevationRecord {
  id: string;
  name: string;
  reason: string;
  minutes: number;
  from_at: string;
  to_at: string;
  open: boolean;
}

export interface PrivilegeHolder {
  login: string;
  name: string;
  powers: string[];
}

export interface PrivilegeDeputy {
  approval_id: string;
  deputy: string;
  principal: string;
  from_at: string;
  to_at: string;
  in_force: boolean;
}

export interface PrivilegeList {
  items: ElevationRecord[];
  next: string | null;
  holders: PrivilegeHolder[];
  deputies: PrivilegeDeputy[];
}

export interface FailedLogin {
  at: string;
  source: string;
}

export interface LoginInput {
  body?: string;
  login: string;
  password: string;
}

// Others are served first: ask again with the ticket.
export interface LoginPlace {
  ticket: string;
  ahead: number;
}

export interface OpenSession {
  id: string;
  source: string;
  agent: string;
  created_at: string;
  seen_at: string;
  current: boolean;
}

export interface PasswordCheck {
  ok: boolean;
  key: string;
  characters: number;
  least: number;
  found: string[];
}

export type FactorKind = 'totp' | 'webauthn' | 'recovery';
export type FactorState = 'waiting' | 'active' | 'stopped';
export interface Factor {
  id: string;
  kind: FactorKind;
  name: string;
  state: FactorState;
  created_at: string;
  last_used_at: string | null;
}
export interface FactorList {
  items: Factor[];
  recovery_codes_left: number;
  must_enrol: boolean;
}
export interface TotpBegun {
  id: string;
  secret: string;
  uri: string;
}
export interface KeyBegun {
  challenge: string;
  rp_id: string;
  rp_name: string;
  user_id: string;
  user_name: string;
  algorithms: number[];
  exclude: string[];
  timeout_ms: number;
}
export interface KeyChallenge {
  challenge: string;
  rp_id: string;
  credentials: string[];
  timeout_ms: number;
}
export interface Enrolled {
  factor: Factor;
  recovery_codes: string[];
}
export interface Proof {
  kind: FactorKind;
  code?: string;
  credential_id?: string;
  client_data?: string;
  authenticator_data?: string;
  signature?: string;
}

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

// What the guard finds in a text on its way to a model, and what its rule does with it.
export type GuardAction = 'allow' | 'warn' | 'mask' | 'block';

export interface GuardCount {
  kind: string;
  action: string;
  count: number;
}

export interface GuardFinding {
  kind: string;
  start: number;
  end: number;
  confidence: number;
  masked: string;
  action: GuardAction;
  clause: string;
  who_can_permit: string;
}

export interface GuardCheck {
  action: GuardAction;
  findings: GuardFinding[];
}

export interface GuardRule {
  kinds: string[];
  parts: string[];
  segments: string[];
  accepts: string[];
  endpoint: string;
  class_from: number;
  class_to: number;
  least: number;
  action: GuardAction;
  raise_to: number;
  clause: string;
  who_can_permit: string;
}

export interface GuardRules {
  own: GuardRule[];
  standard: GuardRule[];
  kinds: string[];
}

export interface NgWord {
  word: string;
  note: string;
}

export interface NgWords {
  items: NgWord[];
  next: string | null;
  total: number;
}

export interface NgImport {
  encoding: string;
  words: number;
  added: string[];
  removed: string[];
  done: boolean;
}

// What the answer stream says, by SSE event name.
export type ChatEvent =
  | { type: 'open'; data: { stream_id: string; user_message: Message | null; answer_id: string } }
  | { type: 'queue'; data: { position: number } }
  | { type: 'sources'; data: { citations: Citation[] } }
  | { type: 'delta'; data: { text: string } }
  | { type: 'done'; data: { message: Message } }
  | { type: 'error'; data: { key: string; title: string; message: Message | null } };

export interface Endpoint {
  id: string;
  name: string;
  protocol: string;
  url: string;
  model: string;
  ceiling: number;
  segments: string[];
  has_api_key: boolean;
  region: string;
  governing_law: string;
  service: string | null;
  approval: string;
  home: string;
  enabled: boolean;
  state: 'usable' | 'waiting' | 'not approved' | 'no flow' | 'disabled';
  waits_for: string | null;
}

export interface EndpointInput {
  name: string;
  protocol: string;
  url: string;
  model: string;
  ceiling: number;
  segments: string[];
  api_key?: string;
  region: string;
  governing_law: string;
  service?: string;
  home: string;
  enabled: boolean;
}

export interface EndpointTest {
  ok: boolean;
  ms: number;
  error: KeyedError | null;
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

export interface NewExternalService {
  provider: string;
  name: string;
  ceiling: number;
  region: string;
  governing_law: string;
  approved_by: string;
  approval: string;
  valid_to?: string;
}

export interface ExternalService extends Omit<NewExternalService, 'valid_to'> {
  id: string;
  valid_from: string;
  valid_to: string | null;
  state: 'waiting' | 'in force' | 'not yet' | 'expired' | 'ended';
  waits_for: string | null;
  registered_by: string;
  end_reason: string | null;
}

// What a case of the security office has on in the product.
export interface Switch {
  id: string;
  about: string;
  number: string;
  name: string;
  title: string;
  person: string;
  person_name: string;
  unit: string;
  value: string;
  clause: string;
  since: string;
  until: string | null;
  on: boolean;
  set_by: string;
  ended_by: string | null;
  ended_at: string | null;
}

export interface SwitchWish {
  outside_networks: string;
  private_networks: string;
  training: string[];
  training_months: number | null;
  training_from: string | null;
}

export interface SwitchList {
  items: Switch[];
  wish: SwitchWish;
  may_configure: boolean;
}

export interface NewFlow {
  from_segment: string;
  to_segment?: string;
  to_endpoint?: string;
  purpose: string;
  content: string[];
  route?: string;
  permitted_by: string;
  valid_to?: string;
}

export interface Flow {
  id: string;
  from_segment: string;
  to_segment: string;
  to_endpoint: string;
  purpose: string;
  content: string[];
  route: string;
  permitted_by: string;
  valid_from: string;
  valid_to: string | null;
  state: 'waiting' | 'in force' | 'not yet' | 'expired' | 'ended';
  waits_for: string | null;
  opened_by: string;
  end_reason: string | null;
}

export interface EmergencyStop {
  id: string;
  kind: string;
  target: string;
  whole_service: boolean;
  basis: string;
  basis_by: string;
  reason: string;
  told: string[];
  incident: string;
  set_by: string;
  set_at: string | null;
  recorded: boolean;
  stored: boolean;
  released_by: string | null;
  released_at: string | null;
  release_reason: string | null;
}

export interface StopList {
  items: EmergencyStop[];
  released: EmergencyStop[];
}

export interface NewStop {
  kind: string;
  target?: string;
  basis: string;
  basis_by: string;
  reason: string;
  told?: string[];
  incident?: string;
}

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
