// The second factor in a real browser: an authenticator app's codes, Chromium's own virtual security key, recovery codes, a lost one, a reset.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, launch, logIn, openPage, settings } from './browser.mjs';

// Browsers bind security keys to names, not to addresses.
settings.base = settings.base.replace('127.0.0.1', 'localhost');
const password = 'matsubara-no-hama-4';

function codeAt(secret, step) {
  let bits = '';
  for (const letter of secret) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = crypto.createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

// A code works once; the server takes one step either way. The code of now has most time to arrive; who needs more than one in a step
// takes the next one's, and after that waits.
class App {
  constructor(secret) {
    this.secret = secret;
    this.last = 0;
  }
  async code() {
    while (this.last > Math.floor(Date.now() / 30_000)) await new Promise((wake) => setTimeout(wake, 500));
    this.last = Math.max(this.last + 1, Math.floor(Date.now() / 30_000));
    return codeAt(this.secret, this.last);
  }
}

async function addUser(page) {
  const login = `second${Date.now() % 1_000_000_000}`;
  await page.evaluate(
    async ([name, secret]) => {
      const session = await (await fetch('/api/v1/session')).json();
      const { items } = await (await fetch('/api/v1/departments')).json();
      const roles = (await (await fetch('/api/v1/roles')).json()).items.map((role) => role.code).slice(0, 1);
      const made = await fetch('/api/v1/users', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Sekisho-Csrf': session.csrf },
        body: JSON.stringify({ login: name, name: '要素 花子', department_id: items[0].id, roles, password: secret }),
      });
      if (!made.ok) throw new Error(await made.text());
    },
    [login, password],
  );
  return login;
}

describe('second factor', () => {
  let browser;
  let admin;
  let page;
  let problems;
  let login;
  let app;
  let recovery;

  const passwordStep = async () => {
    await page.goto(`${settings.base}/login`);
    await page.locator('input[name=login]').fill(login);
    await page.locator('input[name=password]').fill(password);
    await page.keyboard.press('Enter');
  };
  const logOut = async () => {
    await page.context().clearCookies();
  };
  const enrol = async (kind, name) => {
    const form = page.locator('form:has(input[name=kind])');
    await form.getByRole('radio', { name: new RegExp(kind) }).check();
    await form.getByRole('textbox', { name: /名前/ }).fill(name);
    await form.locator('input[type=password]').fill(password);
    await form.getByRole('button', { name: '次へ' }).click();
  };

  before(async () => {
    browser = await launch();
    ({ page: admin } = await openPage(browser));
    await logIn(admin);
    login = await addUser(admin);
    ({ page, problems } = await openPage(browser));
  });
  after(async () => {
    await browser?.close();
    assert.deepEqual(problems, []);
  });

  test('a code is enrolled on the account page, with recovery codes', async () => {
    await passwordStep();
    await page.locator('.shell-main').waitFor();
    await page.goto(`${settings.base}/account`);
    await page.getByRole('button', { name: '要素を登録する' }).click();
    await assertAccessible(page, 'enrolment');
    await enrol('ワンタイムコード', '電話');
    await page.getByRole('img', { name: '登録用の二次元コード' }).waitFor();
    await assertAccessible(page, 'first code');
    app = new App((await page.getByTestId('totp-secret').innerText()).replace(/\s/g, ''));
    await page.getByLabel('6桁のコード').fill(await app.code());
    await page.keyboard.press('Enter');
    await page.getByTestId('recovery-codes').locator('li').nth(9).waitFor();
    recovery = await page.getByTestId('recovery-codes').locator('li').allInnerTexts();
    assert.equal(new Set(recovery).size, 10);
    await assertAccessible(page, 'recovery codes');
    await page.getByRole('button', { name: '保管しました' }).click();
    await page.getByRole('rowheader', { name: '電話' }).waitFor();
    await assertAccessible(page, 'account with a factor');
  });

  test('the next login asks for it, by keyboard alone', async () => {
    await logOut();
    await passwordStep();
    const field = page.getByLabel('6桁のコード');
    await field.waitFor();
    await assertAccessible(page, 'second step');
    for (const width of [1366, 320]) {
      await page.setViewportSize({ width, height: 700 });
      await assertNotCutOff(page, `second step at ${width} px`);
    }
    await page.setViewportSize({ width: 1366, height: 768 });
    await field.focus();
    await page.keyboard.type('000000');
    await page.keyboard.press('Enter');
    await page.getByText('コードが違うか、すでに使われています。').waitFor();
    await field.fill(await app.code());
    await page.keyboard.press('Enter');
    await page.locator('.shell-main').waitFor();
  });

  test('a security key is enrolled and opens the next login', async () => {
    const tools = await page.context().newCDPSession(page);
    await tools.send('WebAuthn.enable');
    const { authenticatorId } = await tools.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'usb', hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await page.goto(`${settings.base}/account`);
    await page.getByRole('button', { name: '要素を登録する' }).click();
    await enrol('セキュリティキー', '青い鍵');
    await page.getByRole('rowheader', { name: '青い鍵' }).waitFor();
    await logOut();
    await passwordStep();
    const button = page.getByRole('button', { name: 'セキュリティキーで続ける' });
    await button.waitFor();
    await assertAccessible(page, 'second step with a key');
    // A key that does not verify its user proves nothing.
    await tools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await button.click();
    await page.getByText('セキュリティキーの確認が終わりませんでした').waitFor({ timeout: 130_000 });
    await tools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await button.click();
    await page.locator('.shell-main').waitFor();
    const { credentials } = await tools.send('WebAuthn.getCredentials', { authenticatorId });
    assert.equal(credentials.length, 1);
    assert.equal(credentials[0].rpId, 'localhost');
  });

  test('a lost one is stopped before any is given, and a recovery code opens', async () => {
    await logOut();
    await passwordStep();
    await page.getByText('なくしたとき').click();
    await page.getByRole('button', { name: '「青い鍵」を止める' }).click();
    await page.getByRole('dialog').locator('input[type=password]').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '回復コードを使う' }).click();
    await page.getByLabel('回復コード', { exact: false }).first().fill(recovery[0].toLowerCase());
    await page.keyboard.press('Enter');
    await page.locator('.shell-main').waitFor();
  });

  test('a reset by another asks for the way of checking and leads to enrolment', async () => {
    await admin.goto(`${settings.base}/admin/users`);
    const row = admin.getByRole('row').filter({ hasText: login });
    await row.getByRole('button', { name: /2つ目の要素/ }).click();
    await admin.getByRole('dialog').getByRole('rowheader', { name: '電話' }).waitFor();
    await assertAccessible(admin, 'factors of another person');
    await admin.getByRole('button', { name: '登録し直させる' }).click();
    await admin.getByText('本人であることをどう確かめたかを入力してください。').waitFor();
    await admin.getByRole('dialog').locator('textarea').fill('窓口で職員証と顔を確認した');
    await admin.getByRole('button', { name: '登録し直させる' }).click();
    await admin.getByText('登録し直すようにしました。').waitFor();
    await passwordStep();
    await page.getByRole('heading', { name: '2つ目の要素を登録する' }).waitFor();
    await assertAccessible(page, 'enrolment that is asked for');
    await enrol('ワンタイムコード', '新しい電話');
    app = new App((await page.getByTestId('totp-secret').innerText()).replace(/\s/g, ''));
    await page.getByLabel('6桁のコード').fill(await app.code());
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '保管しました' }).click();
    await page.locator('.shell-main').waitFor();
  });
});
