import { describe, expect, test } from 'vitest';
import { fromBase64url, toBase64url } from './webauthn';

describe('base64url', () => {
  test('has no padding and no letters that an address would change', () => {
    expect(toBase64url(new Uint8Array([251, 255]))).toBe('-_8');
    expect(toBase64url(new Uint8Array([]))).toBe('');
  });
  test('comes back as it went', () => {
    for (let length = 0; length < 70; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, n) => (n * 37) % 256);
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
    }
  });
});
