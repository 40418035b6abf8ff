// Reading the policy by keyboard: shown to the staff, read, printed, acknowledged; who has not read; and the chat that waits for it. Each view by axe.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, launch, logIn, openPage, settings } from './browser.mjs';

const title = '書庫の規程';
const text = `${title}\n\n第1章 守ること\n\n（職員）\n第1条 職員は、次に掲げることを守らなければならない。\n(1) 書庫の戸を閉めること。\n(2) 鍵を持ち歩かないこと。\n（記録）\n第2条 この規程の記録は、三年とする。\n`;
const top = 'm.oba'; // confirms for the whole body

describe('reading the policy', () => {
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

  test('a document in force is shown to the staff', async () => {
    await page.goto(`${settings.base}/admin/policies`);
    await page.getByLabel('ファイル', { exact: true }).setInputFiles({ name: '規程.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
    await press('取り込む');
    await page.getByRole('heading', { level: 1, name: /書庫の規程/ }).waitFor();
    await page.getByRole('link', { name: '版の状態と公表', exact: true }).click();
    await page.getByText('施行中の版がないので、まだ示せません。').waitFor();
    const where = page.url();
    const other = await openPage(browser);
    await logIn(other.page, '/', { elevated: false, login: top });
    await other.page.goto(where);
    await press('第1版：すでに施行されているとする', other.page);
    await other.page.getByLabel(/施行日/).fill('2026-04-01');
    await other.page.getByLabel(/決めた日と決めた所/).fill('令和8年3月の委員会');
    await other.page.getByRole('dialog').getByRole('button', { name: 'すでに施行されているとする' }).click();
    await other.page.getByRole('cell', { name: '施行中', exact: true }).waitFor();
    await other.context.close();
    await page.reload();
    await press('職員に示す');
    await page.getByText(/職員に示しています（/).waitFor();
    await assertAccessible(page, 'a document shown to the staff');
  });

  test('she reads the clauses addressed to her, as on paper, and acknowledges them', async () => {
    await page.goto(`${settings.base}/readings`);
    await page.getByRole('row', { name: new RegExp(title) }).getByText('未読').waitFor();
    await assertAccessible(page, 'what I am asked to read');
    await page.getByRole('link', { name: title }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('書庫の戸を閉めること。').waitFor();
    assert.equal(await page.getByText('三年とする').count(), 0, 'a clause that names nobody');
    await page.emulateMedia({ media: 'print' });
    await page.getByRole('rowheader', { name: '氏名' }).waitFor();
    assert.equal(await page.getByRole('button', { name: '確認する' }).count(), 0);
    await page.emulateMedia({ media: 'screen' });
    assert.equal(await page.getByRole('button', { name: '確認する' }).isDisabled(), true);
    await page.getByRole('checkbox').focus();
    await page.keyboard.press('Space');
    await assertAccessible(page, 'reading');
    await page.setViewportSize({ width: 320, height: 640 });
    await assertNotCutOff(page, 'reading at 320 px');
    assert.equal(await page.getByRole('rowheader', { name: '氏名' }).count(), 0, 'the place for a signature is for paper alone');
    await page.setViewportSize({ width: 1366, height: 768 });
    await press('確認する');
    await page.getByText(/に確認しました。/).waitFor();
  });

  test('she asks about a clause, and sees her question with its state where she reads', async () => {
    await press('第1条について質問する');
    await page.getByRole('dialog').getByLabel(/質問の内容/).fill('裏の戸も閉めるのですか');
    await assertAccessible(page, 'asking about a clause');
    await page.setViewportSize({ width: 320, height: 640 });
    await assertNotCutOff(page, 'asking at 320 px');
    await page.getByRole('dialog').getByRole('button', { name: '質問を送る' }).click();
    const asked = page.getByRole('listitem').filter({ hasText: '裏の戸も閉めるのですか' });
    await asked.getByText('相談中').waitFor();
    await asked.getByText('まだ答えがありません。').waitFor();
    await assertNotCutOff(page, 'my questions at 320 px');
    await page.setViewportSize({ width: 1366, height: 768 });
    await assertAccessible(page, 'my questions');
    await page.getByRole('link', { name: 'あなたの質問 1件' }).waitFor();
    await asked.getByRole('link', { name: /を開く$/ }).click();
    await page.getByRole('heading', { level: 1, name: /相談/ }).waitFor();
  });

  test('who has not read is told by department, and as CSV', async () => {
    await page.goto(`${settings.base}/readings`);
    await page.getByRole('row', { name: new RegExp(title) }).getByText(/確認済み/).waitFor();
    await page.getByRole('link', { name: '確認していない人を見る' }).click();
    await page.getByRole('heading', { name: '部署ごとの数' }).waitFor();
    await page.getByRole('checkbox', { name: '確認と同意の済んだ人も示す' }).check();
    await page.getByRole('cell', { name: '確認済み', exact: true }).first().waitFor();
    await assertAccessible(page, 'who has not read');
    await press('変える');
    await page.getByRole('dialog').getByLabel(/待つ日数/).fill('30');
    await page.getByRole('dialog').getByRole('checkbox').check();
    await assertAccessible(page, 'the rule');
    await page.getByRole('dialog').getByRole('button', { name: '決める' }).click();
    await page.getByText(/30日のうちに確認しないと/).waitFor();
    const saved = page.waitForEvent('download');
    await press('CSVで保存');
    assert.equal((await saved).suggestedFilename(), 'readers.csv');
  });

  test('the chat shows what is to be read where the server says that it is closed', async () => {
    await page.route('**/api/v1/policies/readings/state', (route) => route.fulfill({ json: { closed: true } }));
    await page.route('**/api/v1/policies/readings', async (route) => {
      const real = await route.fetch();
      const list = await real.json();
      await route.fulfill({ json: { ...list, closed: true, items: list.items.map((item) => ({ ...item, state: 'unread', closes_at: item.since })) } });
    });
    await page.goto(`${settings.base}/chat`);
    await page.getByRole('heading', { name: 'AIを使う前に、方針を読んでください' }).waitFor();
    assert.equal(await page.getByRole('button', { name: '送信する' }).count(), 0);
    await assertAccessible(page, 'a chat that waits for the reading');
    await page.getByRole('link', { name: `「${title}」を読む` }).click();
    await page.getByText('書庫の戸を閉めること。').waitFor();
    await page.unrouteAll();
  });
});
