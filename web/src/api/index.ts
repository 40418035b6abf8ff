// One function per operation of the API.
import { request, send } from './client';
import type {
  Alarm,
  AlarmList,
  ApiKey,
  Appointment,
  Backups,
  Body,
  Chat,
  ChatSummary,
  ChatTree,
  Classes,
  Collection,
  Department,
  Disposal,
  DisposalCertificate,
  Document,
  DocumentText,
  Endpoint,
  EndpointInput,
  EndpointTest,
  Elevation,
  ElevationInput,
  GuardCheck,
  GuardRule,
  GuardRules,
  LoginInput,
  LoginPlace,
  Enrolled,
  FactorList,
  KeyBegun,
  KeyChallenge,
  NewAppointment,
  NewCollection,
  NewDisposal,
  NewMessage,
  NewUser,
  NgImport,
  NgWord,
  NgWords,
  OpenSession,
  Organisation,
  OrganisationProfile,
  Page,
  PasswordCheck,
  PrivilegeList,
  Proof,
  ProfileVersion,
  ProfileVersionWhole,
  ProfileWords,
  Role,
  Ruling,
  SearchResult,
  Session,
  StaffImport,
  StaffPreview,
  EmergencyStop,
  ExternalService,
  Flow,
  NewExternalService,
  NewFlow,
  NewStop,
  Status,
  LogFilter,
  LoggedQuestion,
  LogPeople,
  Retention,
  Review,
  ReviewEntry,
  ReviewSummary,
  SwitchList,
  SwitchWish,
  StopList,
  Unruled,
  UnruledPage,
  TotpBegun,
  Upload,
  Usage,
  UsageBudget,
  UsageGroup,
  OwnUsage,
  User,
  UserChange,
} from './types';

const v1 = '/api/v1';
const id = encodeURIComponent;

function query(values: Record<string, string | number | null | undefined>): string {
  const parts = Object.entries(values)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length ? `?${parts.join('&')}` : '';
}

// Follows the keyset to the end: for lists a person sees whole (collections, users, endpoints).
async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  let after: string | null = null;
  do {
    const page: Page<T> = await request<Page<T>>('GET', path + query({ after, limit: 200 }));
    items.push(...page.items);
    after = page.next ?? null;
  } while (after);
  return items;
}

export const session = {
  get: () => request<Session>('GET', `${v1}/session`, { quiet: true }),
  login: (body: LoginInput) =>
    request<Session | LoginPlace>('POST', `${v1}/session`, { body, quiet: true, headers: { Prefer: 'respond-async' } }),
  turn: (ticket: string) => request<Session | LoginPlace>('POST', `${v1}/session/turn`, { body: { ticket }, quiet: true }),
  lock: () => request<object>('POST', `${v1}/session/lock`, { body: {}, quiet: true }),
  open: () => request<Page<OpenSession>>('GET', `${v1}/sessions`),
  end: (session: string) => request<object>('DELETE', `${v1}/sessions/${id(session)}`),
  endOthers: () => request<{ ended: number }>('POST', `${v1}/sessions/end-others`, { body: {} }),
  checkPassword: (next: string, signal: AbortSignal) =>
    request<PasswordCheck>('POST', `${v1}/session/password/check`, { body: { next }, signal }),
  logout: () => request<object>('DELETE', `${v1}/session`, { quiet: true }),
  bodies: () => request<Page<Body>>('GET', `${v1}/bodies`, { quiet: true }),
  changePassword: (current: string, next: string) => request<object>('PUT', `${v1}/session/password`, { body: { current, next }, quiet: true }),
};

export const factors = {
  list: () => request<FactorList>('GET', `${v1}/factors`),
  beginTotp: (body: { name: string; password: string }) => request<TotpBegun>('POST', `${v1}/factors/totp`, { body, quiet: true }),
  confirmTotp: (factor: string, code: string) => request<Enrolled>('POST', `${v1}/factors/totp/${id(factor)}`, { body: { code } }),
  beginKey: (body: { name: string; password: string }) => request<KeyBegun>('POST', `${v1}/factors/keys`, { body, quiet: true }),
  confirmKey: (body: { client_data: string; attestation_object: string }) =>
    request<Enrolled>('POST', `${v1}/factors/keys/confirm`, { body }),
  stop: (factor: string, password: string) => request<object>('POST', `${v1}/factors/${id(factor)}/stop`, { body: { password }, quiet: true }),
  remove: (factor: string, password: string) =>
    request<object>('POST', `${v1}/factors/${id(factor)}/remove`, { body: { password }, quiet: true }),
  recoveryCodes: (password: string) =>
    request<{ codes: string[] }>('POST', `${v1}/factors/recovery-codes`, { body: { password }, quiet: true }),
  challenge: () => request<KeyChallenge>('POST', `${v1}/session/second-factor/challenge`, { body: {} }),
  prove: (body: Proof) => request<object>('POST', `${v1}/session/second-factor`, { body }),
};
export const privileges = {
  begin: (body: ElevationInput) => request<Elevation>('POST', `${v1}/elevation`, { body, quiet: true }),
  end: () => request<Elevation>('POST', `${v1}/elevation/end`, { body: {} }),
  list: (before: string | null) => request<PrivilegeList>('GET', `${v1}/privileges${query({ before })}`),
};
export const profile = () => request<ProfileWords>('GET', `${v1}/profile`);

export const collections = {
  list: () => all<Collection>(`${v1}/collections`),
  create: (body: NewCollection) => request<Collection>('POST', `${v1}/collections`, { body }),
  remove: (collection: string) => request<object>('DELETE', `${v1}/collections/${id(collection)}`),
  documents: (collection: string, after: string | null, limit = 100) =>
    request<Page<Document>>('GET', `${v1}/collections/${id(collection)}/documents${query({ after, limit })}`),
};

export const documents = {
  get: (document: string) => request<Document>('GET', `${v1}/documents/${id(document)}`),
  remove: (document: string) => request<object>('DELETE', `${v1}/documents/${id(document)}`),
  text: (document: string, signal?: AbortSignal) => request<DocumentText>('GET', `${v1}/documents/${id(document)}/text`, { signal }),
  contentUrl: (document: string) => `${v1}/documents/${id(document)}/content`,
  setEncoding: (document: string, encoding: string) =>
    request<Document>('POST', `${v1}/documents/${id(document)}/encoding`, { body: { encoding } }),
};

export const classes = {
  raise: (document: string, body: Classes) => request<Document>('POST', `${v1}/documents/${id(document)}/raise`, { body }),
  unruled: (after: string | null) => request<UnruledPage>('GET', `${v1}/unruled${query({ after })}`),
  rule: (document: string, body: Ruling) => request<Unruled>('POST', `${v1}/documents/${id(document)}/class`, { body }),
};

export const uploads = {
  start: (collection: string, class_unknown: boolean) =>
    request<Upload>('POST', `${v1}/collections/${id(collection)}/uploads`, { body: { class_unknown } }),
  list: (collection: string) => request<Page<Upload>>('GET', `${v1}/uploads${query({ collection })}`),
  get: (upload: string) => request<Upload>('GET', `${v1}/uploads/${id(upload)}`),
  put: (upload: string, name: string, raw: Blob, signal: AbortSignal) =>
    request<Document>('PUT', `${v1}/uploads/${id(upload)}/files${query({ name })}`, { raw, signal }),
  stop: (upload: string) => request<Upload>('POST', `${v1}/uploads/${id(upload)}/stop`, { body: {} }),
  resume: (upload: string) => request<Upload>('POST', `${v1}/uploads/${id(upload)}/resume`, { body: {} }),
  eventsUrl: (upload: string) => `${v1}/uploads/${id(upload)}/events`,
};

export const search = (text: string, inCollections: string[], signal: AbortSignal) =>
  request<SearchResult>('POST', `${v1}/search`, { body: { query: text, collections: inCollections, limit: 20 }, signal });

export const chats = {
  list: (q: string, after: string | null, signal?: AbortSignal) =>
    request<Page<ChatSummary>>('GET', `${v1}/chats${query({ q, after, limit: 30 })}`, { signal }),
  create: (body: { title: string; collections: string[]; endpoint: string | null }) => request<Chat>('POST', `${v1}/chats`, { body }),
  get: (chat: string) => request<ChatTree>('GET', `${v1}/chats/${id(chat)}`),
  change: (chat: string, body: Partial<Pick<Chat, 'title' | 'collections' | 'endpoint' | 'head'>>) =>
    request<Chat>('PATCH', `${v1}/chats/${id(chat)}`, { body }),
  remove: (chat: string) => request<object>('DELETE', `${v1}/chats/${id(chat)}`),
  ask: (chat: string, body: NewMessage, signal: AbortSignal) =>
    send('POST', `${v1}/chats/${id(chat)}/messages`, { body, signal, headers: { Accept: 'text/event-stream' } }),
  resume: (stream: string, after: string, signal: AbortSignal) =>
    send('GET', `${v1}/streams/${id(stream)}`, { signal, headers: { Accept: 'text/event-stream', 'Last-Event-ID': after } }),
  stop: (stream: string) => request<object>('POST', `${v1}/streams/${id(stream)}/stop`, { body: {} }),
  exportUrl: (message: string, format: 'txt' | 'md' | 'docx') => `${v1}/messages/${id(message)}/export?format=${format}`,
};

export const endpoints = {
  list: () => all<Endpoint>(`${v1}/endpoints`),
  create: (body: EndpointInput) => request<Endpoint>('POST', `${v1}/endpoints`, { body }),
  change: (endpoint: string, body: Partial<EndpointInput>) => request<Endpoint>('PATCH', `${v1}/endpoints/${id(endpoint)}`, { body }),
  remove: (endpoint: string) => request<object>('DELETE', `${v1}/endpoints/${id(endpoint)}`),
  test: (endpoint: string) => request<EndpointTest>('POST', `${v1}/endpoints/${id(endpoint)}/test`, { body: {} }),
};

export const services = {
  list: () => all<ExternalService>(`${v1}/services`),
  register: (body: NewExternalService) => request<ExternalService>('POST', `${v1}/services`, { body }),
  end: (service: string, reason: string) => request<object>('POST', `${v1}/services/${id(service)}/end`, { body: { reason } }),
};

export const switches = {
  list: () => request<SwitchList>('GET', `${v1}/switches`),
  configure: (body: SwitchWish) => request<SwitchWish>('PUT', `${v1}/switches`, { body }),
};
export const flows = {
  list: () => all<Flow>(`${v1}/flows`),
  open: (body: NewFlow) => request<Flow>('POST', `${v1}/flows`, { body }),
  end: (flow: string, reason: string) => request<object>('POST', `${v1}/flows/${id(flow)}/end`, { body: { reason } }),
};

export const guards = {
  check: (text: string, endpoint: string | null, signal: AbortSignal) =>
    request<GuardCheck>('POST', `${v1}/guards/check`, { body: { text, endpoint }, signal }),
  rules: () => request<GuardRules>('GET', `${v1}/guards/rules`),
  replaceRules: (rules: GuardRule[]) => request<GuardRules>('PUT', `${v1}/guards/rules`, { body: { rules } }),
  words: (q: string, after: string | null) => request<NgWords>('GET', `${v1}/guards/words${query({ q, after, limit: 100 })}`),
  changeWords: (body: { add?: NgWord[]; remove?: string[] }) => request<NgWords>('PATCH', `${v1}/guards/words`, { body }),
  importWords: (csv_base64: string, dry_run: boolean) => request<NgImport>('PUT', `${v1}/guards/words`, { body: { csv_base64, dry_run } }),
  exportWords: (encoding: 'utf8' | 'cp932') =>
    request<{ name: string; bytes_base64: string }>('GET', `${v1}/guards/words/export${query({ encoding })}`),
};

export const users = {
  list: () => all<User>(`${v1}/users`),
  create: (body: NewUser) => request<{ user: User; password: string | null }>('POST', `${v1}/users`, { body }),
  change: (user: string, body: UserChange) => request<User>('PATCH', `${v1}/users/${id(user)}`, { body }),
  unlock: (user: string, identity_check: string) => request<User>('POST', `${v1}/users/${id(user)}/unlock`, { body: { identity_check } }),
  unused: (days: number | null) => request<Page<User> & { days: number }>('GET', `${v1}/users/unused${query({ days })}`),
  review: (user: string, decision: 'keep' | 'suspend', reason: string) =>
    request<User>('POST', `${v1}/users/${id(user)}/review`, { body: { decision, reason } }),
  resetPassword: (user: string) => request<{ password: string }>('POST', `${v1}/users/${id(user)}/password`, { body: {} }),
  factors: (user: string) => request<FactorList>('GET', `${v1}/users/${id(user)}/factors`),
  stopFactor: (user: string, factor: string) =>
    request<object>('POST', `${v1}/users/${id(user)}/factors/${id(factor)}/stop`, { body: {} }),
  resetFactors: (user: string, identity_check: string) =>
    request<object>('POST', `${v1}/users/${id(user)}/factors/reset`, { body: { identity_check } }),
  departments: () => all<Department>(`${v1}/departments`),
  roles: () => all<Role>(`${v1}/roles`),
};

export const organisation = {
  get: () => request<Organisation>('GET', `${v1}/organisation`),
  version: (number: number) => request<ProfileVersionWhole>('GET', `${v1}/organisation/versions/${number}`),
  draft: (document: OrganisationProfile, note: string) =>
    request<ProfileVersion>('POST', `${v1}/organisation/versions`, { body: { document, note } }),
  confirm: (number: number, exception: string | null) =>
    request<ProfileVersion>('POST', `${v1}/organisation/versions/${number}/confirm`, { body: { exception } }),
  start: (number: number) => request<ProfileVersion>('POST', `${v1}/organisation/versions/${number}/start`, { body: {} }),
  appointments: () => all<Appointment>(`${v1}/appointments`),
  appoint: (body: NewAppointment) => request<Appointment>('POST', `${v1}/appointments`, { body }),
  end: (appointment: string, last_day: string | null) =>
    request<Appointment>('POST', `${v1}/appointments/${id(appointment)}/end`, { body: { last_day } }),
  leave: (user: string, last_day: string | null) => request<object>('POST', `${v1}/users/${id(user)}/leave`, { body: { last_day } }),
  previewStaff: (body: StaffImport) => request<StaffPreview>('POST', `${v1}/staff/preview`, { body }),
  importStaff: (body: StaffImport) => request<StaffPreview>('POST', `${v1}/staff/import`, { body }),
};

export const keys = {
  list: () => all<ApiKey>(`${v1}/keys`),
  create: (name: string, sources: string) => request<ApiKey>('POST', `${v1}/keys`, { body: { name, sources } }),
  remove: (key: string) => request<object>('DELETE', `${v1}/keys/${id(key)}`),
};

export const usage = {
  read: (month: string) => request<Usage>('GET', `${v1}/usage${query({ month })}`),
  own: () => request<OwnUsage>('GET', `${v1}/usage/own`),
  people: (month: string, department: string) => request<Page<UsageGroup>>('GET', `${v1}/usage/people${query({ month, department })}`),
  export: (month: string, by: string) =>
    request<{ name: string; bytes_base64: string }>('GET', `${v1}/usage/export${query({ month, by })}`),
  budgets: () => request<Page<UsageBudget>>('GET', `${v1}/usage/budgets`),
  setBudget: (body: { scope: string; target?: string; monthly?: number }) =>
    request<Page<UsageBudget>>('PUT', `${v1}/usage/budgets`, { body }),
};

export const contentLog = {
  questions: (body: LogFilter) =>
    request<Page<LoggedQuestion> & { searched: number; searched_back_to: string | null }>('POST', `${v1}/log/questions`, { body }),
  export: (body: LogFilter & { format: 'csv' | 'jsonl' }) =>
    request<{ name: string; bytes_base64: string; questions: number; next: string | null }>('POST', `${v1}/log/questions/export`, { body }),
  people: () => request<LogPeople>('GET', `${v1}/log/people`),
};

export const alarms = {
  list: () => request<AlarmList>('GET', `${v1}/alarms`),
  confirm: (alarm: string, finding: string) => request<Alarm>('POST', `${v1}/alarms/${id(alarm)}/confirm`, { body: { finding } }),
};

export const reviews = {
  list: () => request<{ items: ReviewSummary[] }>('GET', `${v1}/reviews`),
  read: (period: string) => request<Review>('GET', `${v1}/reviews/${id(period)}`),
  entries: (period: string, body: { kind: string; person: string; from: string; to: string; basis: string }) =>
    request<{ items: ReviewEntry[]; more: boolean }>('POST', `${v1}/reviews/${id(period)}/entries`, { body }),
  conclude: (period: string, conclusion: string) => request<Review>('POST', `${v1}/reviews/${id(period)}/conclude`, { body: { conclusion } }),
  export: (period: string) => request<{ name: string; bytes_base64: string }>('GET', `${v1}/reviews/${id(period)}/export`),
};

export const backups = {
  read: () => request<Backups>('GET', `${v1}/backups`),
};

export const retention = {
  read: () => request<Retention>('GET', `${v1}/retention`),
  setRule: (kind: string, months: number | undefined) => request<Retention>('PUT', `${v1}/retention/rules`, { body: { kind, months } }),
  hold: (body: { kind: string; from_month: string; to_month: string; incident: string; reason: string }) =>
    request<Retention>('POST', `${v1}/retention/holds`, { body }),
  release: (hold: string, reason: string) => request<Retention>('POST', `${v1}/retention/holds/${id(hold)}/release`, { body: { reason } }),
};

export const disposal = {
  list: () => request<Page<Disposal>>('GET', `${v1}/disposals`),
  ask: (body: NewDisposal) => request<Disposal>('POST', `${v1}/disposals`, { body }),
  certificate: (disposed: string) => request<DisposalCertificate>('GET', `${v1}/disposals/${id(disposed)}/certificate`),
};

export const stops = {
  list: () => request<StopList>('GET', `${v1}/stops`),
  set: (body: NewStop) => request<EmergencyStop>('POST', `${v1}/stops`, { body }),
  release: (stop: string, reason: string) => request<object>('POST', `${v1}/stops/${id(stop)}/release`, { body: { reason } }),
};

export const status = () => request<Status>('GET', `${v1}/status`);
