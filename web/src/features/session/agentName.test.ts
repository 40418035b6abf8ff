import { expect, test } from 'vitest';
import { agentName } from './agentName';

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0', 'Windows・Edge'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0', 'Linux・Firefox'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1 (KHTML, like Gecko) Version/17 Safari/605.1', 'macOS・Safari'],
  ['curl/8.0', 'curl/8.0'],
  ['', ''],
])('%s', (agent, name) => {
  expect(agentName(agent)).toBe(name);
});
