// The body's own policy: import by keyboard, confirm a repair, edit a clause, compare two versions; each view by axe.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, launch, logIn, openPage, settings } from './browser.mjs';

const older = '試験の方針\n\n1 人\n\n(1) 鍵は係長が預かる。\n(2) 写しは作らない。\n(2) 台帳は三年のあいだ保存する。\n(4) 上記9による。\n';
const newer = '試験の方針\n\n1 人\n\n(1) 鍵は課長が預かる。\n(2) 台帳は三年のあいだ保存する。\n(3) 上記1による。\n';

const front = (name, heading) => `${name}\n\n令和7年4月\n\n試験市\n\n目次\n\n1\t${heading} ....... 1\n2\t台帳 ....... 2\n\n`;
const bound = `${front('試験の方針', '人')}1 人\n\n(1) 鍵は係長が預かる。\n\n2 台帳\n\n(1) 台帳は棚に置く。\n\n${front('試験の対策基準', '写し')}1 写し\n\n(1) 写しは作らない。\n\n2 台帳\n\n(1) 台帳は三年保存する。\n`;

describe('policies', () => {
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

  async function importText(name, text) {
    await page.goto(`${settings.base}/admin/policies`);
    await page.getByLabel('ファイル', { exact: true }).setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: '取り込む' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /試験の方針/ }).waitFor();
  }

  test('an import says that a file is missing', async () => {
    await page.goto(`${settings.base}/admin/policies`);
    await page.getByRole('button', { name: '取り込む' }).click();
    await page.getByRole('alert').getByText('ファイルを選んでください。').waitFor();
    await assertAccessible(page, 'policies with an error');
  });

  test('repairs are confirmed, findings shown and a clause edited', async () => {
    await importText('旧.txt', older);
    await page.getByText('番号の誤植').waitFor();
    await page.getByText(/指す先がありません：上記9/).waitFor();
    await assertAccessible(page, 'policy');
    await assertNotCutOff(page, 'policy');
    await page.getByRole('button', { name: /を「正しい」とする/ }).first().click();
    await page.getByRole('cell', { name: '正しい', exact: true }).waitFor();
    await page.getByRole('button', { name: '1(4)を直す' }).click();
    await assertAccessible(page, 'edit dialog');
    await page.getByRole('textbox', { name: /本文/ }).fill('上記1による。');
    await page.getByRole('button', { name: '保存する' }).click();
    await page.getByText(/指す先がありません/).waitFor({ state: 'detached' });
  });

  test('two versions stand side by side with what changed underlined', async () => {
    await importText('新.txt', newer);
    await page.getByRole('link', { name: '文書の一覧へ' }).click();
    await page.getByLabel('古い版').selectOption({ index: 2 });
    await page.getByLabel('新しい版').selectOption({ index: 1 });
    await page.getByRole('button', { name: '比べる', exact: true }).click();
    await page.locator('ins', { hasText: '課' }).waitFor();
    await page.locator('del', { hasText: '係' }).waitFor();
    await page.getByText('（削る）').waitFor();
    await assertAccessible(page, 'comparison');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Wordで保存' }).click();
    assert.equal((await saved).suggestedFilename(), '新旧対照表.docx');
  });

  test('of documents bound into one file, those that are wanted are compared', async () => {
    await importText('綴り.txt', bound);
    await page.getByRole('link', { name: '文書の一覧へ' }).click();
    await page.getByLabel('古い版').selectOption({ index: 1 });
    const parts = page.getByRole('group', { name: '古い版のうち比べる文書' });
    await parts.getByRole('checkbox', { name: '試験の方針' }).focus();
    await page.keyboard.press('Space');
    await parts.getByRole('checkbox', { name: '試験の対策基準' }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('新しい版').selectOption({ index: 2 });
    await page.getByRole('button', { name: '比べる', exact: true }).click();
    await page.getByRole('alert').getByText('比べる文書を一つ以上').waitFor();
    await parts.getByRole('checkbox', { name: '試験の対策基準' }).check();
    await page.getByRole('button', { name: '比べる', exact: true }).click();
    await page.locator('del', { hasText: '写しは作らない' }).waitFor();
    assert.equal(await page.locator('td', { hasText: '台帳は棚に置く' }).count(), 0);
    await assertAccessible(page, 'parts');
  });
});
