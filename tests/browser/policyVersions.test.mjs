// Versions of a policy document by keyboard: declared in force, amended, opinions, 改め文, clauses withheld, published, read by everybody; each view by axe.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, launch, logIn, openPage, settings } from './browser.mjs';

const title = '倉庫の規程';
const text = `${title}\n\n第1章 総則\n\n（目的）\n第1条 この規程は、倉庫の扱いを定める。\n（用語）\n第2条 倉庫とは、物を置く所をいう。\n\n第2章 鍵\n\n（置き場）\n第3条 予備の鍵は、奥の棚に置く。\n(1) 棚の番号は七とする。\n（写し）\n第4条 鍵の写しは係長が預かる。\n`;
const top = 'm.oba'; // confirms for the whole body; manages no policies

describe('versions of a policy', () => {
  let browser;
  let page;
  let problems;

  before(async () => {
    browser = await launch();
    ({ page, problems } = await openPage(browser));
    await logIn(page);
  });
  after(async () => {
    await browser?.close();
    assert.deepEqual(problems, []);
  });

  const press = async (name, on = page) => {
    await on.getByRole('button', { name, exact: true }).first().focus();
    await on.keyboard.press('Enter');
  };
  const submit = async (name, on = page) => {
    await on.getByRole('dialog').getByRole('button', { name, exact: true }).focus();
    await on.keyboard.press('Enter');
    await on.getByRole('dialog').waitFor({ state: 'detached' });
  };
  const openDocument = async (on = page) => {
    await on.goto(`${settings.base}/admin/policies`);
    await on.getByRole('link', { name: `${title}の版の状態と公表` }).first().focus();
    await on.keyboard.press('Enter');
    await on.getByRole('heading', { level: 1, name: title }).waitFor();
  };

  test('the first version is declared in force by whoever confirms for the body', async () => {
    await page.goto(`${settings.base}/admin/policies`);
    await page.getByLabel('ファイル', { exact: true }).setInputFiles({ name: '規程.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await press('取り込む');
    await page.getByRole('heading', { level: 1, name: /倉庫の規程/ }).waitFor();
    await openDocument();
    await page.getByRole('cell', { name: '案', exact: true }).waitFor();
    await assertAccessible(page, 'a document with a draft');
    const other = await openPage(browser);
    await other.page.goto(settings.base);
    await other.page.locator('input[name=login]').fill(top);
    await other.page.locator('input[name=password]').fill(settings.password);
    await other.page.getByRole('button', { name: 'ログインする' }).click();
    await other.page.locator('.shell-main').waitFor();
    await openDocument(other.page);
    await press('第1版：すでに施行されているとする', other.page);
    await other.page.getByLabel(/施行日/).fill('2026-04-01');
    await other.page.getByLabel(/決めた日と決めた所/).fill('令和8年3月の委員会');
    await assertAccessible(other.page, 'declaration');
    await submit('すでに施行されているとする', other.page);
    await other.page.getByRole('cell', { name: '施行中', exact: true }).waitFor();
    await other.context.close();
  });

  test('a clause is withheld and the document published', async () => {
    await openDocument();
    await press('第3条を非公開にする');
    await page.getByRole('dialog').getByLabel(/理由/).fill('置き場を知らせないため');
    await assertAccessible(page, 'withholding');
    await submit('非公開にする');
    await page.getByText('非公開（上の条文とともに）').waitFor();
    await press('公表する');
    await page.getByText(/公表しています（/).waitFor();
    await assertAccessible(page, 'a published document');
    await assertNotCutOff(page, 'a published document');
    const saved = page.waitForEvent('download');
    await press('公表の写しをPDFで保存');
    assert.equal((await saved).suggestedFilename(), 'policy.pdf');
    await page.goto(`${settings.base}/policies`);
    await page.getByRole('link', { name: title }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('（非公開）').waitFor();
    assert.equal(await page.getByText('奥の棚').count(), 0);
    await page.getByRole('heading', { name: '第4条 写し' }).waitFor();
    await assertAccessible(page, 'public text');
  });

  test('the copy for the web site stands by itself', async () => {
    const saved = page.waitForEvent('download');
    await press('公表の写しをHTMLで保存');
    const path = await (await saved).path();
    const copy = await browser.newPage();
    const { readFile } = await import('node:fs/promises');
    await copy.setContent(await readFile(path, 'utf8'));
    await assertAccessible(copy, 'the public copy');
    await copy.setViewportSize({ width: 320, height: 640 });
    await assertNotCutOff(copy, 'the public copy at 320 px');
    await copy.close();
  });

  test('an amendment is drafted, opinions come and are answered', async () => {
    await openDocument();
    await press('改正の案を作る');
    await page.getByRole('dialog').getByLabel(/理由/).fill('倉庫の場所を定めるため');
    await submit('改正の案を作る');
    await page.getByRole('heading', { name: '条文を加える・動かす・除く' }).waitFor();
    await press('加える');
    await page.getByRole('alert').getByText('条文を選んでください。').waitFor();
    await page.getByLabel('条文', { exact: true }).selectOption({ label: '第2条 用語' });
    await press('加える');
    await page.getByRole('dialog').getByLabel('見出し').fill('場所');
    await page.getByRole('dialog').getByLabel('本文').fill('倉庫は庁舎の一階に置く。');
    await assertAccessible(page, 'adding a clause');
    await submit('加える');
    await page.locator('.policy-tree').getByText('第5条', { exact: true }).waitFor();
    await assertAccessible(page, 'a draft');
    await openDocument();
    await press('第2版：意見を受け付ける');
    await page.getByRole('cell', { name: '意見を受け付け中' }).waitFor();
    await page.getByRole('link', { name: '第2版' }).click();
    await press('意見を出す');
    await page.getByRole('dialog').getByLabel(/意見/).last().fill('一階でよい。');
    await submit('意見を出す');
    await page.getByRole('button', { name: /全体への意見に答える/ }).click();
    await page.getByRole('dialog').getByLabel(/理由/).fill('賛成として承る。');
    await submit('答える');
    await page.getByText(/採用　賛成として承る。/).waitFor();
    await assertAccessible(page, 'opinions');
  });

  test('改め文 is drafted and the draft goes before the committee', async () => {
    await openDocument();
    await press('改め文の案を作る');
    await page.getByText('第4条を第5条とし、第3条を第4条とし、第2条の次に次の1条を加える。').waitFor();
    await assertAccessible(page, 'amending text');
    await press('第2版：委員会にかける');
    await page.getByRole('dialog').getByLabel(/施行日/).fill('2027-04-01');
    await submit('委員会にかける');
    await page.getByRole('cell', { name: /委員会の審議中/ }).waitFor();
    await page.getByRole('link', { name: '申請を見る' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await openDocument();
    await press('第2版：取り下げる');
    await page.getByRole('dialog').getByLabel(/取り下げる理由/).fill('試験を終えるため');
    await submit('取り下げる');
    await page.getByRole('cell', { name: '取下げ', exact: true }).waitFor();
  });
});
