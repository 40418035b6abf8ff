// Notices of the program and the periodic review, on a city of which a month is over (with_demo.py --past): by keyboard and by axe.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, launch, logIn, openPage, settings } from './browser.mjs';

async function settled(page) {
  await page.locator('h1').first().waitFor();
  await page.locator('.spinner').first().waitFor({ state: 'detached' });
}

describe('records', () => {
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

  test('a review shows its findings beside charts, and the records behind one for a basis', async () => {
    await page.goto(`${settings.base}/admin/reviews`);
    await settled(page);
    await assertAccessible(page, 'reviews');
    await page.locator('main table a').first().press('Enter');
    await page.getByRole('heading', { name: '見つかったこと', exact: true }).waitFor();
    await assertAccessible(page, 'review');
    await assertNotCutOff(page, 'review');
    assert.ok((await page.locator('figure.chart svg').count()) >= 3);
    assert.equal(await page.locator('figure.chart svg').count(), await page.locator('figure.chart table').count(), 'a table beside each chart');
    const look = page.getByRole('button', { name: /勤務の時間の外の利用/ });
    await look.press('Enter');
    await page.getByRole('button', { name: '見る', exact: true }).press('Enter');
    await page.getByText('根拠を書いてください。').waitFor();
    await page.getByLabel(/調べる根拠/).fill('事案1、CISOの命令');
    await page.getByLabel(/調べる根拠/).press('Enter');
    await page.getByRole('cell', { name: 'chats.ask' }).first().waitFor();
    await assertAccessible(page, 'entries');
    await page.keyboard.press('Escape');
    assert.equal(await look.evaluate((e) => e === document.activeElement), true, 'the focus comes back');
  });

  test('a conclusion is written once', async () => {
    const conclusion = page.getByLabel(/結論（確かめたこと/);
    await conclusion.waitFor();
    await page.getByRole('button', { name: '結論を書いて閉じる' }).press('Enter');
    await page.getByText('結論を書いてください。').waitFor();
    await conclusion.fill('夜間の窓口の利用で、問題はない。');
    await page.getByRole('button', { name: '結論を書いて閉じる' }).press('Enter');
    await conclusion.waitFor({ state: 'detached' }); // the field itself holds the words until the answer is there
    await page.getByText('夜間の窓口の利用で、問題はない。').waitFor();
  });

  test('a notice stands above every page until somebody confirms it', async () => {
    await page.goto(`${settings.base}/search`);
    const open = page.getByRole('link', { name: '知らせを見る' });
    await open.waitFor();
    await assertAccessible(page, 'banner');
    await open.press('Enter');
    await settled(page);
    await page.getByRole('rowheader', { name: /時計が飛びました/ }).waitFor();
    await assertAccessible(page, 'alarms');
    await assertNotCutOff(page, 'alarms');
    await page.getByRole('button', { name: /時計が飛びました/ }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: '確かめた', exact: true }).press('Enter');
    await page.getByText('確かめたことを書いてください。').waitFor();
    await page.getByLabel(/確かめたこと（原因/).fill('時刻の合わせ直しだった。');
    await page.getByRole('dialog').getByRole('button', { name: '確かめた', exact: true }).press('Enter');
    await page.getByText('確かめていない知らせはありません。').waitFor();
    await page.getByText('時刻の合わせ直しだった。').waitFor();
    await page.goto(`${settings.base}/search`);
    await settled(page);
    assert.equal(await page.getByRole('link', { name: '知らせを見る' }).count(), 0);
  });
});
