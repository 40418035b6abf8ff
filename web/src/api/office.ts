// The security office: definitions of registers and workflows, their cases, and the operations on them. Every screen is drawn from these shapes.
import { request } from './client';
import type { Label, Page } from './types';

export type StateKind = 'open' | 'waiting' | 'closed';
export type FieldType =
  | 'text'
  | 'long_text'
  | 'choice'
  | 'choices'
  | 'number'
  | 'yes_no'
  | 'date'
  | 'datetime'
  | 'person'
  | 'people'
  | 'department'
  | 'departments'
  | 'class'
  | 'reference'
  | 'references'
  | 'attachment'
  | 'checklist'
  | 'table'
  | 'clause';
export type Axis = 'c' | 'i' | 'a';

// A value of a field as the server keeps it; null: empty.
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Values = Record<string, Value>;

export interface Condition {
  all?: Condition[] | null;
  any?: Condition[] | null;
  negate?: Condition[] | null;
  field?: string | null;
  is?: string | null;
  equals?: Value;
  not_equals?: Value;
  in?: Value[] | null;
  at_least?: number | null;
  at_most?: number | null;
  axis?: string | null;
  before?: string | null;
  after?: string | null;
  region?: string | null;
  state?: string[] | null;
  passed?: string | null;
  reference?: string | null;
  linked?: string | null;
  kind?: string[] | null;
  count?: string | null;
  notices?: string | null;
}

export interface OfficeChoice {
  key: string;
  title: string;
}
export interface OfficeClause {
  ref: string;
  source: string | null;
  title: string | null;
}
export interface OfficeChecklistItem {
  key: string;
  title: string;
  required: boolean | null;
  clauses: OfficeClause[] | null;
}
export interface OfficeColumn {
  key: string;
  title: string;
  type: FieldType;
  choices: OfficeChoice[] | null;
  of: string | null;
  required: boolean | null;
  unit: string | null;
  given?: string | null; // what the program writes here; nobody else does
}
// A table whose rows the program makes of the policy's clauses; people answer.
export interface OfficeRowsFrom {
  from: string;
  answer: string;
  good: string[];
  gaps: string[];
  say: string | null;
}
export interface OfficeField {
  key: string;
  title: string;
  type: FieldType;
  help: string | null;
  choices: OfficeChoice[] | null;
  of: string | null;
  unit: string | null;
  axes: Axis[] | null;
  min: number | null;
  max: number | null;
  required: { always: boolean | null; states: string[] | null } | null;
  required_if: Condition | null;
  items: OfficeChecklistItem[] | null;
  columns: OfficeColumn[] | null;
  evidence: boolean | null;
  several: boolean | null;
  derive: { op: string; of: string } | null;
  index: boolean | null;
  rows?: OfficeRowsFrom | null;
  draft?: { from: string[]; instruction: string } | null;
}
export interface OfficeState {
  key: string;
  title: string;
  kind: StateKind;
  help: string | null;
}
export interface OfficeTransition {
  key: string;
  title: string;
  from: string[];
  to: string | null;
  joint: number | null;
  choice_recorded: boolean | null;
}
export interface OfficePrint {
  title: string | null;
  sections: { title: string; fields: string[] | null; history: boolean | null }[];
  dossier: object | null;
}
export interface OfficeDefinition {
  id: string;
  title: string;
  summary: string | null;
  kind: 'workflow' | 'register';
  group: string;
  clauses: OfficeClause[];
  open: { ask: string[] | null; state: string | null };
  fields: OfficeField[];
  states: OfficeState[];
  regions: { key: string; title: string; states: OfficeState[]; transitions: OfficeTransition[] }[] | null;
  transitions: OfficeTransition[];
  print: OfficePrint | null;
  list: { columns: string[]; filters: string[] | null; sort: string | null };
}

export interface OfficeFinding {
  line: number;
  place: string;
  text: string;
}
export interface OfficeRegister {
  name: string;
  title: string;
  summary: string;
  kind: string;
  group: string;
  clauses: string[];
  own: boolean;
  number: number;
  may_open: boolean;
  broken: boolean;
  findings: OfficeFinding[];
  open?: number; // cases that are not closed, of those that the caller may read
  overdue?: number;
}
export interface OfficeRegisters {
  items: OfficeRegister[];
  tasks: number;
  notices: number;
  may_define: boolean;
}
export interface OfficeVersion {
  id: string;
  number: number;
  own: boolean;
  note: string;
  put_by: string;
  put_at: string;
  withdrawn_at: string | null;
}
export interface OfficeDefinitionView {
  definition: OfficeDefinition;
  source: string;
  own: boolean;
  number: number;
  versions: OfficeVersion[];
  posts: { post: string; role: string }[];
  open_edit: string[];
  may_open: boolean;
  fiscal_year: number;
}
export interface OfficeCheck {
  usable: boolean;
  absent: boolean;
  name: string;
  findings: OfficeFinding[];
}

export interface OfficeItem {
  id: string;
  definition: string;
  definition_title: string;
  number: string;
  subject: string;
  state: string;
  state_title: string;
  kind: StateKind;
  unit: string;
  due_at: string | null;
  overdue: boolean;
  opened_at: string;
  updated_at: string;
  cells: { key: string; text: string }[];
}
export interface OfficeAction {
  transition: string;
  title: string;
  region: string;
  to: string;
  clause: string;
  ask: string[];
  reason: boolean;
  danger: boolean;
  hindered: string; // what the step asks for may lift it
  needs: string[]; // fields that are empty and have to be filled in by then
  separation: string;
  unavoidable: boolean;
  others: string[];
  signed_places: number;
  places: number;
}
export interface OfficeFieldValue {
  key: string;
  value: Value;
  text: string;
  rows: string[][]; // of a table its cells; of a checklist item, whether it is done, and the note
  editable: boolean;
  missing: boolean;
}
export interface OfficeRegion {
  region: string;
  title: string;
  state: string;
  state_title: string;
  kind: StateKind;
  live: boolean;
}
export interface OfficeEvent {
  n: number;
  event: string;
  title: string;
  region: string;
  from: string;
  to: string;
  name: string;
  note: string;
  unavoidable: boolean;
  same_content: boolean;
  at: string;
  hash: string;
}
export interface OfficeNotice {
  id: string;
  about: string;
  number: string;
  text: string;
  clause: string;
  due_at: string | null;
  at: string;
  seen_at: string | null;
  mine: boolean;
  unseen: boolean;
  seen: { name: string; at: string }[];
}
export interface OfficeAttachment {
  id: string;
  field: string;
  name: string;
  bytes: number;
  sha256: string;
  dated: string;
  by: string;
  at: string;
}
export interface OfficeLink {
  id: string;
  number: string;
  definition: string;
  why: string;
  from_here: boolean;
  subject: string;
  state: string;
}
export interface OfficeSeal {
  title: string;
  name: string;
  at: string | null;
  same_content: boolean;
}
export interface OfficeCase extends OfficeItem {
  version: string;
  hash: string;
  opener: string;
  assigned: string;
  label: Label;
  fields: OfficeFieldValue[];
  regions: OfficeRegion[];
  actions: OfficeAction[];
  history: OfficeEvent[];
  exceptions: { title: string; name: string; reason: string; at: string }[];
  notices: OfficeNotice[];
  attachments: OfficeAttachment[];
  links: OfficeLink[];
  seals: OfficeSeal[];
  may_comment: boolean;
  kept: { name: string; text: string }[]; // columns of the ledger that the case came from
  names?: Record<string, string>; // of the people, departments and cases in the fields, by id
}
export interface OfficeDuty {
  definition: string;
  duty: string;
  title: string;
  period: string;
  about: string;
  opens_on: string;
  due_on: string;
  state: 'undecided' | 'waits' | 'open' | 'overdue' | 'done' | 'done_late';
  id: string | null;
  number: string;
  clauses: string[];
}
export interface OfficeFile {
  name: string;
  sha256: string;
  content: string;
}
export interface OfficePerson {
  id: string;
  login: string;
  name: string;
  department: string;
}
export interface OfficeDepartment {
  id: string;
  name: string;
  parent_id: string | null;
}
export interface OfficePaper {
  name: string;
  type: string;
  content: string;
}
export interface ListQuery {
  kind?: string;
  state?: string;
  unit?: string;
  field?: string;
  value?: string;
  words?: string;
  after?: string;
  limit?: number;
}
export interface StepInput {
  hash: string;
  fields: Values | null;
  note: string | null;
  unavoidable: string | null;
}

const root = '/api/v1/office';
const id = encodeURIComponent;
const definition = (name: string) => `${root}/definitions/${id(name)}`;
const cases = (of: string) => `${root}/cases/${id(of)}`;

function query(values: object): string {
  const parts = Object.entries(values as Record<string, string | number | null | undefined>)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

export const office = {
  registers: () => request<OfficeRegisters>('GET', root),
  tasks: (after: string | null) => request<Page<OfficeItem>>('GET', `${root}/tasks${query({ after })}`),
  notices: (after: string | null) => request<Page<OfficeNotice>>('GET', `${root}/notices${query({ after })}`),
  see: (notice: string) => request<object>('POST', `${root}/notices/${id(notice)}/see`, { body: {} }),
  duties: (fiscal_year: number | null) => request<{ fiscal_year: number; label: string; items: OfficeDuty[] }>('GET', `${root}/duties${query({ fiscal_year })}`),

  definition: (name: string, version?: string) => request<OfficeDefinitionView>('GET', `${definition(name)}${query({ version })}`),
  check: (source: string) => request<OfficeCheck>('POST', `${root}/definitions/check`, { body: { source } }),
  define: (source: string, note: string) => request<OfficeVersion>('POST', `${root}/definitions`, { body: { source, note } }),
  withdraw: (name: string) => request<object>('DELETE', definition(name)),

  list: (name: string, asked: ListQuery) => request<Page<OfficeItem>>('GET', `${definition(name)}/cases${query(asked)}`),
  open: (name: string, fields: Values) => request<OfficeCase>('POST', `${definition(name)}/cases`, { body: { fields } }),
  get: (of: string) => request<OfficeCase>('GET', cases(of)),
  edit: (of: string, hash: string, fields: Values) => request<OfficeCase>('PATCH', cases(of), { body: { hash, fields } }),
  move: (of: string, transition: string, step: StepInput) => request<OfficeCase>('POST', `${cases(of)}/moves/${id(transition)}`, { body: step }),
  comment: (of: string, text: string) => request<OfficeCase>('POST', `${cases(of)}/comments`, { body: { text } }),
  addParticipant: (of: string, login: string) => request<OfficeCase>('POST', `${cases(of)}/participants`, { body: { login } }),
  link: (of: string, other: string) => request<OfficeCase>('POST', `${cases(of)}/links`, { body: { other } }),
  attach: (of: string, body: { field: string; name: string; content: string; dated: string | null }) =>
    request<OfficeCase>('POST', `${cases(of)}/attachments`, { body }),
  attachment: (attachment: string) => request<OfficeFile>('GET', `${root}/attachments/${id(attachment)}`),

  form: (of: string, format: string) => request<OfficePaper>('GET', `${cases(of)}/form${query({ format })}`),
  dossier: (of: string, format: string) => request<OfficePaper>('GET', `${cases(of)}/dossier${query({ format })}`),

  people: async (words: string) => (await request<Page<OfficePerson>>('GET', `/api/v1/people${query({ words })}`)).items,
  departments: async () => (await request<Page<OfficeDepartment>>('GET', '/api/v1/departments/names')).items,
};
