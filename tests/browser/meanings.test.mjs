// What clauses ask for and the policy beside the national guideline: by keyboard, each view by axe.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, launch, logIn, openPage, settings } from './browser.mjs';

const text = '意味の試験\n\n1 人\n\n(1) 職員は、毎年の研修に参加しなければならない。\n(2) 鍵を他人に貸してはならない。\n';

describe('meanings', () => {
  let browser;
  let page;
  let problems;

  before(async () => {
    browser = await launch();
    ({ page, problems } = await openPage(browser));
    await logIn(page);
    await page.goto(`${settings.base}/admin/policies`);
    await page.getByLabel('ファイル', { exact: true }).setInputFiles({ name: '意味.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: '取り込む' }).click();
    await page.getByRole('heading', { level: 1, name: /意味の試験/ }).waitFor();
  });
  after(async () => {
    await browser?.close();
    assert.deepEqual(problems, []);
  });

  test('suggestions are filtered, confirmed many at once and changed', async () => {
    await page.getByRole('link', { name: '条文が求めていること' }).click();
    await page.getByText('案 2、確認済み 0', { exact: false }).waitFor();
    await assertAccessible(page, 'meanings');
    await assertNotCutOff(page, 'meanings');
    await page.getByRole('button', { name: '選んだ0件を確かめた' }).click();
    await page.getByText('条文を選んでください。').waitFor();
    await page.getByLabel('表示しているものをすべて選ぶ').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: '選んだ2件を確かめた' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('確認済み 2', { exact: false }).waitFor();
    await page.getByRole('button', { name: '1(2)の読み取りを変える' }).click();
    await assertAccessible(page, 'change dialog');
    await page.getByLabel('守り方').last().selectOption('physical');
    await page.getByRole('button', { name: '変えて確かめる' }).click();
    await page.getByRole('cell', { name: /物理的に守る/ }).waitFor();
    await page.getByLabel('守り方').first().selectOption('physical');
    await page.getByText('1件を表示').waitFor();
  });

  test('topics without a clause are listed, and a clause is refused', async () => {
    await page.goto(`${settings.base}/admin/policies/guideline`);
    await page.getByText(/条文のない主題 \d+/).waitFor();
    await assertAccessible(page, 'guideline');
    await assertNotCutOff(page, 'guideline');
    await page.getByRole('button', { name: /対5\.2-3と1\(1\)の対応を退ける/ }).click();
    await page.getByRole('button', { name: /対5\.2-3と1\(1\)の対応を退ける/ }).waitFor({ state: 'detached' });
    await page.getByLabel('条文のない主題だけを並べる').check();
    await page.getByRole('cell', { name: '条文がありません' }).first().waitFor();
    await page.getByRole('rowheader', { name: '機密性3' }).waitFor();
  });
});
