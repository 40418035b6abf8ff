// Takes the pictures of the README from a running server: node tests/browser/screenshots.mjs docs/images
import fs from 'node:fs';
import path from 'node:path';
import { ask, lastAnswer, launch, logIn, openPage, settings } from './browser.mjs';

const folder = process.argv[2] ?? 'docs/images';
fs.mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
  const { page } = await openPage(browser);
  const picture = (name) => page.screenshot({ path: path.join(folder, `${name}.png`) });
  await page.goto(`${settings.base}/login`);
  await page.getByRole('button', { name: 'ログインする' }).waitFor();
  await picture('login');
  await logIn(page);
  await ask(page, settings.question);
  await lastAnswer(page);
  await picture('chat');
  await page.locator('.cite-chip').first().click();
  await page.locator('.source-panel mark').first().waitFor();
  await picture('source');
  for (const [name, address, ready] of [
    ['collections', '/collections', '.card'],
    ['search', `/search?q=${encodeURIComponent(settings.query)}`, '.hit mark'],
    ['endpoints', '/admin/endpoints', '.page-head'],
  ]) {
    await page.goto(settings.base + address);
    await page.locator(ready).first().waitFor();
    await picture(name);
  }
} finally {
  await browser.close();
}
