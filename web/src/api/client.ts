// The one place that talks to the server. Adds the CSRF header, turns problem+json into ApiError, reports a lost session.
import type { Problem } from './types';

export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.key);
    this.problem = problem;
  }
}

let csrf = '';
let sessionLost: () => void = () => undefined;
let factorDue: () => void = () => undefined;

export function setCsrf(token: string): void {
  csrf = token;
}

export function onSessionLost(handler: () => void): void {
  sessionLost = handler;
}

// The server asks for a second factor: the session's state tells whether to give one or to enrol one.
export function onFactorDue(handler: () => void): void {
  factorDue = handler;
}

export interface Call {
  body?: unknown;
  raw?: Blob;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  // Reading the session answers 401 when nobody is logged in; that is an answer, not a loss.
  quiet?: boolean;
}

export async function send(method: string, path: string, call: Call = {}): Promise<Response> {
  const headers: Record<string, string> = { ...call.headers };
  if (method !== 'GET' && csrf !== '') headers['X-Sekisho-Csrf'] = csrf;
  let body: BodyInit | undefined;
  if (call.raw) {
    headers['Content-Type'] = 'application/octet-stream';
    body = call.raw;
  } else if (call.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(call.body);
  }
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body,
      signal: call.signal,
      credentials: 'same-origin',
      redirect: 'error',
      cache: 'no-store',
    });
  } catch (error) {
    if (call.signal?.aborted) throw error;
    throw new ApiError({ status: 0, key: 'net.unreachable', title: '' });
  }
  if (response.ok) return response;
  const problem = await readProblem(response);
  if (response.status === 401 && !call.quiet) sessionLost();
  if (problem.key === 'policy.second_factor') factorDue();
  throw new ApiError(problem);
}

export async function request<T>(method: string, path: string, call: Call = {}): Promise<T> {
  const response = await send(method, path, call);
  const text = await response.text();
  return (text === '' ? {} : JSON.parse(text)) as T;
}

async function readProblem(response: Response): Promise<Problem> {
  const fallback: Problem = { status: response.status, key: `http.${response.status}`, title: '' };
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
