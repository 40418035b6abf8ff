// Login: the banner, a refused password, the report after login, the lock, one's own sessions, the hints for a new password, unused ids.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, elevate, launch, logIn, openPage, settings } from './browser.mjs';

describe('login', () => {
  let browser;
  let page;
  let problems;

  before(async () => {
    browser = await launch();
    ({ page, problems } = await openPage(browser));
  });
  after(async () => {
    await browser?.close();
    assert.deepEqual(problems, []);
  });

  test('the banner stands before login and the password is masked', async () => {
    await page.goto(settings.base);
    await page.getByText('利用はすべて記録されます').waitFor();
    assert.equal(await page.locator('input[name=password]').getAttribute('type'), 'password');
    await assertAccessible(page, 'login');
    await page.setViewportSize({ width: 320, height: 640 });
    await assertNotCutOff(page, 'login at 320 px');
    await page.setViewportSize({ width: 1366, height: 768 });
  });

  test('a wrong password is refused in words, with the clause', async () => {
    await page.locator('input[name=login]').fill(settings.login);
    await page.locator('input[name=password]').fill('chigau-kagi-desu-yo');
    await page.getByRole('button', { name: 'ログインする', exact: true }).click();
    await page.getByRole('alert').getByText('ログイン名またはパスワードが違います').waitFor();
    await page.getByText('根拠条項').waitFor();
  });

  test('after login the failed one is told, once', async () => {
    await logIn(page);
    const report = page.getByRole('region', { name: 'ログインの記録' });
    await report.getByText(/失敗したログインが\d+回/).waitFor();
    await report.getByText('失敗の日時と接続元').click();
    await report.getByText(/127\.0\.0\.1/).first().waitFor();
    await assertAccessible(page, 'report after login');
    await report.getByRole('button', { name: '確かめました' }).click();
    await report.waitFor({ state: 'detached' });
  });

  test('a locked screen shows nothing and goes on where it was', async () => {
    await page.goto(`${settings.base}/collections`);
    await page.getByRole('heading', { level: 1, name: '資料' }).waitFor();
    await page.getByRole('button', { name: /利用者メニュー/ }).click();
    await page.getByRole('button', { name: '画面をロックする' }).click();
    await page.getByRole('heading', { level: 1, name: '画面をロックしています' }).waitFor();
    assert.equal(await page.getByRole('heading', { level: 1, name: '資料' }).count(), 0);
    await assertAccessible(page, 'locked screen');
    await page.locator('input[name=password]').fill(settings.password);
    await page.getByRole('button', { name: 'ログインする', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: '資料' }).waitFor();
  });

  test('one sees and ends other sessions', async () => {
    const { context, page: other } = await openPage(browser);
    await logIn(other);
    await page.goto(`${settings.base}/account`);
    await page.getByRole('heading', { name: '使用中のログイン' }).waitFor();
    await page.getByText('この画面').waitFor();
    await assertAccessible(page, 'account');
    await page.getByRole('button', { name: 'ほかをすべて終わらせる' }).click();
    await page.getByText(/ほかのログイン\d+件を終わらせました/).waitFor();
    await other.goto(`${settings.base}/collections`);
    await other.getByRole('button', { name: 'ログインする', exact: true }).waitFor();
    await context.close();
  });

  test('a new password is judged while it is typed', async () => {
    await page.goto(`${settings.base}/account`);
    const next = page.locator('input[name=next]');
    await next.fill('mijikai');
    await page.getByText('あと少し長くしてください').waitFor();
    await next.fill('password-2026-password');
    await page.getByText(/推測されやすいパスワードです.*よくある言葉/).waitFor();
    await next.fill('yama kara mita aoi fune');
    await page.getByText('使えるパスワードです').waitFor();
    await assertAccessible(page, 'password form');
  });

  test('unused ids are listed for review', async () => {
    await elevate(page); // the lock ended the session in which it was done before
    await page.goto(`${settings.base}/admin/users`);
    await page.getByRole('button', { name: '使われていない利用者ID' }).click();
    await page.getByText(/90日以上ログインがなく/).waitFor();
    await assertAccessible(page, 'unused ids');
    await page.setViewportSize({ width: 320, height: 640 });
    await assertNotCutOff(page, 'unused ids at 320 px');
    await page.setViewportSize({ width: 1366, height: 768 });
  });
});
