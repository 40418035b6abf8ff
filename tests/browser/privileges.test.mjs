// Privileged rights on the screen: what is refused offers to open them, the dialog asks for time, reason and password, the bar shows the time left.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, launch, logIn, openPage, settings } from './browser.mjs';

describe('privileged rights', () => {
  let browser;
  let page;
  let problems;

  before(async () => {
    browser = await launch();
    ({ page, problems } = await openPage(browser));
    await logIn(page, '/', { elevated: false });
  });
  after(async () => {
    await browser?.close();
    assert.deepEqual(problems, []);
  });

  test('a page that needs them says so and offers to open them', async () => {
    await page.goto(`${settings.base}/admin/users`);
    await page.getByText('特権がいる操作です').waitFor();
    await page.getByText('11(2)オ').first().waitFor();
    await page.getByRole('button', { name: '特権を使う' }).click();
    await page.getByRole('dialog', { name: '特権を使う' }).waitFor();
    await assertAccessible(page, 'the dialog of privileged rights');
  });

  test('time, reason and password are asked for', async () => {
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '使い始める' }).click();
    await dialog.getByText('理由を5文字以上で入力してください。').waitFor();
    await dialog.getByText('パスワードを入力してください。').waitFor();
    await dialog.getByLabel(/使う時間/).fill('1000');
    await dialog.getByText(/1から\d+までの数字/).waitFor();
    await dialog.getByLabel(/使う時間/).fill('5');
    await dialog.getByLabel(/理由/).fill('利用者の所属を変えるため');
    await dialog.locator('input[name=password]').fill('wrong-password-123');
    await dialog.getByRole('button', { name: '使い始める' }).click();
    await dialog.getByText('パスワードが違います。').waitFor();
  });

  test('opened, the page shows what it refused, and the bar the time left', async () => {
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[name=password]').fill(settings.password);
    await dialog.getByRole('button', { name: '使い始める' }).click();
    await dialog.waitFor({ state: 'detached' });
    const bar = page.getByRole('region', { name: '特権を使っています' });
    await bar.getByText('あと5分').waitFor();
    await bar.getByText('利用者の所属を変えるため').waitFor();
    await page.getByRole('table').first().waitFor();
    await assertAccessible(page, 'a page with the bar');
    await page.setViewportSize({ width: 320, height: 640 });
    await assertNotCutOff(page, 'a page with the bar at 320 px');
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.goto(`${settings.base}/admin/privileges`);
    await page.getByRole('row').filter({ hasText: '利用者の所属を変えるため' }).getByText('使用中').first().waitFor();
  });

  test('ended by the person, they are closed at once', async () => {
    await page.getByRole('button', { name: '特権を使い終える' }).click();
    await page.getByRole('region', { name: '特権を使っています' }).waitFor({ state: 'detached' });
    await page.goto(`${settings.base}/admin/users`);
    await page.getByText('特権がいる操作です').waitFor();
  });
});
