import { afterEach, expect, test, vi } from 'vitest';
import { logIn } from './login';

afterEach(() => vi.unstubAllGlobals());

function answers(...list: [status: number, body: unknown][]) {
  const calls: { path: string; prefer: string | undefined; body: string }[] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    const [status, body] = list[calls.length] ?? [500, {}];
    calls.push({ path, prefer: (init.headers as Record<string, string>).Prefer, body: String(init.body) });
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return calls;
}

test('a login that is served at once tells no place', async () => {
  const calls = answers([200, { csrf: 'c' }]);
  const places: number[] = [];
  expect(await logIn({ login: 'a', password: 'b' }, (n) => places.push(n))).toEqual({ csrf: 'c' });
  expect(places).toEqual([]);
  expect(calls[0]?.prefer).toBe('respond-async');
});

test('a login that waits asks with its ticket until its turn', async () => {
  const calls = answers([202, { ticket: 't', ahead: 7 }], [202, { ticket: 't', ahead: 3 }], [200, { csrf: 'c' }]);
  const places: number[] = [];
  expect(await logIn({ login: 'a', password: 'b' }, (n) => places.push(n))).toEqual({ csrf: 'c' });
  expect(places).toEqual([7, 3]);
  expect(calls.slice(1).map((c) => [c.path, c.body])).toEqual([
    ['/api/v1/session/turn', '{"ticket":"t"}'],
    ['/api/v1/session/turn', '{"ticket":"t"}'],
  ]);
});

test('a refusal after the wait is the answer', async () => {
  answers([202, { ticket: 't', ahead: 1 }], [401, { key: 'accounts.wrong_password' }]);
  await expect(logIn({ login: 'a', password: 'b' }, () => undefined)).rejects.toMatchObject({ message: 'accounts.wrong_password' });
});
