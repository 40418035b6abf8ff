// One function per operation of the API.
import { request, send } from './client';
import type {
  ApiKey,
  Appointment,
  Body,
  Chat,
  ChatSummary,
  ChatTree,
  Collection,
  Department,
  Document,
  DocumentText,
  Endpoint,
  EndpointInput,
  EndpointTest,
  NewAppointment,
  NewCollection,
  NewMessage,
  NewUser,
  Organisation,
  OrganisationProfile,
  Page,
  ProfileVersion,
  ProfileVersionWhole,
  ProfileWords,
  Role,
  SearchResult,
  Session,
  StaffImport,
  StaffPreview,
  Status,
  Upload,
  User,
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
  login: (body: { body?: string; login: string; password: string }) => request<Session>('POST', `${v1}/session`, { body, quiet: true }),
  logout: () => request<object>('DELETE', `${v1}/session`, { quiet: true }),
  bodies: () => request<Page<Body>>('GET', `${v1}/bodies`, { quiet: true }),
  changePassword: (current: string, next: string) => request<object>('PUT', `${v1}/session/password`, { body: { current, next } }),
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

export const uploads = {
  start: (collection: string) => request<Upload>('POST', `${v1}/collections/${id(collection)}/uploads`, { body: {} }),
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

export const users = {
  list: () => all<User>(`${v1}/users`),
  create: (body: NewUser) => request<User>('POST', `${v1}/users`, { body }),
  change: (user: string, body: Partial<Pick<User, 'name' | 'department_id' | 'roles' | 'enabled'>>) =>
    request<User>('PATCH', `${v1}/users/${id(user)}`, { body }),
  resetPassword: (user: string) => request<{ password: string }>('POST', `${v1}/users/${id(user)}/password`, { body: {} }),
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
  create: (name: string) => request<ApiKey>('POST', `${v1}/keys`, { body: { name } }),
  remove: (key: string) => request<object>('DELETE', `${v1}/keys/${id(key)}`),
};

export const status = () => request<Status>('GET', `${v1}/status`);
