// What plays of the security office share: people with a window each, steps by keyboard, and the controls of a case by their titles.
import assert from 'node:assert/strict';
import { assertAccessible, launch, logIn, openPage, settings } from './browser.mjs';

// begin() and end() stand around the play; a problem of any window fails it.
export function officePlay() {
  const play = { browser: null };
  const people = {};
  const problems = [];
  async function as(login) {
    if (!people[login]) {
      const opened = await openPage(play.browser);
      people[login] = opened.page;
      problems.push(opened.problems);
      await logIn(opened.page, '/office', { elevated: false, login });
    }
    return people[login];
  }
  async function at(login, path) {
    const page = await as(login);
    await page.goto(settings.base + path);
    await page.locator('h1').first().waitFor();
    await page.locator('.spinner').first().waitFor({ state: 'detached' });
    return page;
  }
  async function press(page, where, name) {
    await where.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  }
  async function step(page, title, fill = async () => undefined) {
    await press(page, page, title);
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.waitFor();
    await fill(dialog);
    await press(page, dialog, title);
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(`「${title}」を行いました。`).waitFor();
  }
  const write = (where, label, text) => where.getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(text);
  const choose = (where, label, option) => where.getByRole('combobox', { name: new RegExp(`^${label}`) }).selectOption(option);
  async function tick(where, group) {
    const list = where.getByRole('group', { name: new RegExp(`^${group}`) }).getByRole('combobox');
    await list.first().waitFor();
    for (const one of await list.all()) await one.selectOption('yes');
  }
  async function pick(page, where, group, words) {
    const field = where.getByRole('group', { name: new RegExp(`^${group}`) });
    await field.getByRole('textbox').fill(words);
    await field.getByRole('textbox').press('Enter');
    await field.getByRole('button', { name: new RegExp(`^${words}.*を選ぶ$`) }).focus();
    await page.keyboard.press('Enter');
  }
  async function openCase(page, definition, fill) {
    await page.goto(`${settings.base}/office/registers/${definition}/new`);
    await page.getByRole('button', { name: 'この内容で開く' }).waitFor();
    await fill(page);
    await assertAccessible(page, `a new case of ${definition}`);
    await press(page, page, 'この内容で開く');
    await page.waitForURL(/\/office\/cases\//);
    return new URL(page.url()).pathname;
  }
  const state = (page, text) => page.getByText(text, { exact: true }).first().waitFor();
  const begin = async () => {
    play.browser = await launch();
  };
  const end = async () => {
    await play.browser?.close();
    assert.deepEqual(problems.flat(), []);
  };
  return { as, at, press, step, write, choose, tick, pick, openCase, state, begin, end };
}
