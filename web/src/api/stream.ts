// Follows one answer to its end: reads events, and when the connection breaks asks for the rest with Last-Event-ID, with
// exponential back-off. Ends after `done` or `error`; throws ApiError when the server refuses, AbortError when the caller aborts.
import { ApiError } from './client';
import { readSse } from './sse';
import type { ChatEvent } from './types';

export interface StreamSource {
  // Opens the stream the first time: a POST with the question, or null to take up a running stream.
  first: ((signal: AbortSignal) => Promise<Response>) | null;
  streamId: string | null;
  resume: (streamId: string, after: string, signal: AbortSignal) => Promise<Response>;
  onEvent: (event: ChatEvent) => void;
  onReconnecting: (reconnecting: boolean) => void;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

// The server sends a comment at least every 15 s; silence for three of them is a dead connection.
const kSilenceMs = 45_000;
const kGiveUpAfterTries = 30;

export async function followStream(source: StreamSource, signal: AbortSignal): Promise<void> {
  const wait = source.wait ?? pause;
  let streamId = source.streamId;
  let after = '0';
  let tries = 0;
  let open = source.first;
  for (;;) {
    const watch = watchSilence(signal);
    try {
      const response = open ? await open(watch.signal) : await source.resume(streamId ?? '', after, watch.signal);
      open = null;
      if (!response.body) throw new ApiError({ status: 0, key: 'net.no_body', title: '' });
      source.onReconnecting(false);
      for await (const raw of readSse(response.body, watch.touch)) {
        if (raw.id !== '') after = raw.id;
        const event = toChatEvent(raw.event, raw.data);
        if (!event) continue;
        tries = 0;
        if (event.type === 'open') streamId = event.data.stream_id;
        source.onEvent(event);
        if (event.type === 'done' || event.type === 'error') return;
      }
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof ApiError && error.problem.status !== 0 && error.problem.status < 500) throw error;
      // Nothing is known of a question whose stream never opened: asking again could ask twice, so the caller decides.
      if (streamId === null) throw error instanceof ApiError ? error : new ApiError({ status: 0, key: 'net.unreachable', title: '' });
    } finally {
      watch.end();
    }
    if (streamId === null) throw new ApiError({ status: 0, key: 'net.unreachable', title: '' });
    if (++tries > kGiveUpAfterTries) throw new ApiError({ status: 0, key: 'net.gave_up', title: '' });
    source.onReconnecting(true);
    await wait(backoffMs(tries), signal);
  }
}

export function backoffMs(tries: number): number {
  return Math.min(15_000, 250 * 2 ** tries);
}

function toChatEvent(type: string, data: string): ChatEvent | null {
  switch (type) {
    case 'open':
    case 'queue':
    case 'sources':
    case 'delta':
    case 'done':
    case 'error':
      return { type, data: JSON.parse(data) } as ChatEvent;
    default:
      return null;
  }
}

function watchSilence(outer: AbortSignal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  outer.addEventListener('abort', abort);
  if (outer.aborted) abort();
  let timer = setTimeout(abort, kSilenceMs);
  return {
    signal: controller.signal,
    touch: () => {
      clearTimeout(timer);
      timer = setTimeout(abort, kSilenceMs);
    },
    end: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', abort);
    },
  };
}

// Waits, but no longer than until the network comes back.
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      window.removeEventListener('online', finish);
      resolve();
    };
    const abort = () => {
      finish();
      reject(new DOMException('aborted', 'AbortError'));
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', abort);
    window.addEventListener('online', finish);
  });
}
