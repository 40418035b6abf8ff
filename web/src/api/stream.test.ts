import { describe, expect, it } from 'vitest';
import { ApiError } from './client';
import { backoffMs, followStream } from './stream';
import type { ChatEvent } from './types';

function event(id: number, type: string, data: unknown): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

const open = event(1, 'open', { stream_id: 'S1', user_message: null, answer_id: 'A' });
const delta = (id: number, text: string) => event(id, 'delta', { text });
const done = (id: number) => event(id, 'done', { message: { id: 'A' } });
const noWait = () => Promise.resolve();

function source(first: string | null, resumed: (after: string) => Response, seen: ChatEvent[], reconnecting: boolean[]) {
  return {
    first: first === null ? null : () => Promise.resolve(new Response(first)),
    streamId: first === null ? 'S1' : null,
    resume: (_: string, after: string) => Promise.resolve(resumed(after)),
    onEvent: (item: ChatEvent) => {
      seen.push(item);
    },
    onReconnecting: (on: boolean) => {
      reconnecting.push(on);
    },
    wait: noWait,
  };
}

describe('followStream', () => {
  it('ends with done', async () => {
    const seen: ChatEvent[] = [];
    await followStream(
      source(open + delta(2, 'あ') + done(3), () => new Response(), seen, []),
      new AbortController().signal,
    );
    expect(seen.map((item) => item.type)).toEqual(['open', 'delta', 'done']);
  });

  it('asks for the rest after the last event it saw, and says that it reconnects', async () => {
    const seen: ChatEvent[] = [];
    const states: boolean[] = [];
    const asked: string[] = [];
    await followStream(
      source(
        open + delta(2, 'あ') + 'id: 3\nevent: delta\ndata: {"te',
        (after) => {
          asked.push(after);
          return new Response(asked.length === 1 ? delta(3, 'い') : done(4));
        },
        seen,
        states,
      ),
      new AbortController().signal,
    );
    expect(asked).toEqual(['2', '3']);
    expect(seen.map((item) => item.type)).toEqual(['open', 'delta', 'delta', 'done']);
    expect(states).toEqual([false, true, false, true, false]);
  });

  it('takes up a running answer from its first event', async () => {
    const asked: string[] = [];
    await followStream(
      source(
        null,
        (after) => {
          asked.push(after);
          return new Response(open + done(2));
        },
        [],
        [],
      ),
      new AbortController().signal,
    );
    expect(asked).toEqual(['0']);
  });

  it('does not ask the question twice when the connection broke before the stream opened', async () => {
    const end = followStream(
      source('', () => new Response(), [], []),
      new AbortController().signal,
    );
    await expect(end).rejects.toBeInstanceOf(ApiError);
  });

  it('gives a refusal to the caller and goes on trying when the server is away', async () => {
    let tries = 0;
    const away = {
      ...source(open, () => new Response(), [], []),
      resume: () => {
        tries++;
        return Promise.reject(
          new ApiError(tries < 3 ? { status: 503, key: 'http.503', title: '' } : { status: 404, key: 'stream.not_found', title: '' }),
        );
      },
    };
    await expect(followStream(away, new AbortController().signal)).rejects.toMatchObject({ problem: { status: 404 } });
    expect(tries).toBe(3);
  });

  it('gives up after a bounded number of tries', async () => {
    const away = { ...source(open, () => new Response(), [], []), resume: () => Promise.reject(new TypeError('network')) };
    await expect(followStream(away, new AbortController().signal)).rejects.toMatchObject({ problem: { key: 'net.gave_up' } });
  });

  it('waits longer each time, up to a limit', () => {
    expect([1, 2, 3].map(backoffMs)).toEqual([500, 1000, 2000]);
    expect(backoffMs(30)).toBe(15_000);
  });
});
