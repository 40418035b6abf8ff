// What every browser test shares: one headless Chromium, a login, an accessibility check and a check that nothing is cut off.
// playwright-core and axe-core are those of web/ (npm ci there first); no browser is downloaded.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const settings = {
  base: process.env.BASE_URL ?? 'http://127.0.0.1:8080',
  login: process.env.LOGIN ?? '',
  password: process.env.PASSWORD ?? '',
  // A question that the documents answer, and one that they do not.
  question: process.env.QUESTION ?? '随意契約にできる金額の上限を教えてください',
  unanswerable: process.env.UNANSWERABLE ?? 'zqxjkvzq',
  query: process.env.QUERY ?? '契約',
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
};

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium's own questions, for the time, for forms, for hints and for updates: these tests run where any DNS query is a failure.
  '--disable-features=NetworkTimeServiceQuerying,AutofillServerCommunication,OptimizationHints,OptimizationGuideModelDownloading',
  '--component-updater=url-source=http://127.0.0.1:1/',
  // The browser's own downloads (dictionaries and the like) end before they ask for a name; the product's requests are checked in openPage and by the
  // content security policy, and the server's by what leaves the namespace.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

export function launch() {
  return chromium.launch({ executablePath: settings.chromium, headless: true, args: flags });
}

// A page that fails the test on a script error, on anything the content security policy refused, and on a request elsewhere.
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'ja-JP', ...options });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) problems.push(message.text());
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && origin !== new URL(settings.base).origin) problems.push(`foreign request: ${request.url()}`);
  });
  return { context, page, problems };
}

export async function logIn(page, path = '/', { elevated = true, login = settings.login } = {}) {
  await page.goto(settings.base + path);
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill(settings.password);
  await page.getByRole('button', { name: 'ログインする' }).click();
  await page.locator('.shell-main').waitFor();
  if (elevated) await elevate(page);
}

// Opens privileged rights for pages that are loaded from now on, where the body asks for it; the dialog has its own test.
export async function elevate(page) {
  const status = await page.evaluate(async (password) => {
    const { csrf, elevation } = await (await fetch('/api/v1/session')).json();
    if (!elevation.asked) return 200;
    const headers = { 'Content-Type': 'application/json', 'X-Sekisho-Csrf': csrf };
    const body = JSON.stringify({ minutes: elevation.most_minutes, reason: '画面の試験のため', password });
    return (await fetch('/api/v1/elevation', { method: 'POST', headers, body })).status;
  }, settings.password);
  assert.equal(status, 200, 'privileged rights are opened');
}

export async function ask(page, text) {
  await page.getByRole('textbox', { name: '質問', exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

// The last answer, when it is no longer being written.
export async function lastAnswer(page) {
  const answer = page.locator('article.message-assistant').last();
  await answer.waitFor();
  await page.locator('article.message-assistant[aria-busy=true]').waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByRole('button', { name: '送信する' }).waitFor();
  return page.locator('article.message-assistant').last();
}

export async function assertAccessible(page, where) {
  const violations = await page.evaluate(`(async () => {
    ${axe};
    const found = await axe.run(document, { resultTypes: ['violations'] });
    return found.violations.map((rule) => rule.id + ': ' + rule.nodes.map((node) => node.target.join(' ')).join(', '));
  })()`);
  assert.deepEqual(violations, [], `accessibility of ${where}`);
}

export async function assertNotCutOff(page, where) {
  const excess = await page.evaluate(() => {
    const main = document.querySelector('main');
    return Math.max(
      document.documentElement.scrollWidth - document.documentElement.clientWidth,
      main ? main.scrollWidth - main.clientWidth : 0,
    );
  });
  assert.ok(excess <= 0, `${where} scrolls sideways by ${excess} px`);
}
