import { expect, test } from 'vitest';
import { toBase64 } from './base64';

test('a file becomes base64 byte for byte', async () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i % 256);
  const text = await toBase64(new Blob([bytes]));
  expect(Uint8Array.from(atob(text), (c) => c.charCodeAt(0))).toEqual(bytes);
});
