// The other screens: documents in, search, administration; and each of them by keyboard, by axe and at 200 % zoom.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, launch, logIn, openPage, settings } from './browser.mjs';
import { walkContent, walkMenu } from './keyboard.mjs';

const screens = [
  '/chat',
  '/collections',
  '/search',
  `/search?q=${encodeURIComponent(settings.query)}`,
  '/approvals',
  '/approvals?box=rule',
  '/approvals/new',
  '/approvals/new?kind=software',
  '/admin/endpoints',
  '/policies',
  '/readings',
  '/readings/people',
  '/admin/policies',
  '/admin/coverage',
  '/duties',
  '/admin/services',
  '/admin/flows',
  '/admin/stops',
  '/admin/privileges',
  '/admin/guards',
  '/admin/users',
  '/admin/organisation',
  '/admin/staff-import',
  '/admin/keys',
  '/admin/usage',
  '/admin/log',
  '/admin/retention',
  '/admin/reviews',
  '/admin/alarms',
  '/admin/backups',
  '/disposals',
  '/decisions',
  '/admin/switches',
  '/admin/mail',
  '/unruled',
  '/office',
  '/office/tasks',
  '/office/notices',
  '/office/duties',
  '/office/department',
  '/office/calendar',
  '/office/figures',
  '/office/registers/incidents',
  '/office/registers/assets/new',
  '/office/registers/assets/import',
  '/office/registers/self-inspections/sheet',
  '/office/definitions',
  '/office/definitions/incidents',
  '/office/define?from=assets',
  '/account',
  '/no-such-page',
];

async function settled(page) {
  await page.locator('h1').first().waitFor();
  await page.locator('.spinner').first().waitFor({ state: 'detached' });
}

describe('pages', () => {
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

  const inMenu = (of) => of.locator('#shell-nav .shell-links a').evaluateAll((links) => links.map((link) => new URL(link.href).pathname));

  test('every screen passes axe and is walked by keyboard', async () => {
    const wrong = []; // of all screens at once: one run tells everything
    const told = (error) => void wrong.push(error.message);
    for (const screen of screens) {
      await page.goto(settings.base + screen);
      await settled(page);
      await assertAccessible(page, screen).catch(told);
      await walkContent(page, screen).catch(told);
    }
    assert.deepEqual(wrong, []);
    for (const path of await inMenu(page)) assert.ok(screens.includes(path), `${path} stands in the menu and was not walked`);
    await walkMenu(page, 'the whole page');
  });

  test('so is every screen in the menu of a member of staff without special powers', async () => {
    const opened = await openPage(browser);
    await logIn(opened.page, '/', { elevated: false, login: 'a.hirose' });
    const paths = [...(await inMenu(opened.page)), '/chat', '/account', '/office/tasks', '/office/notices', '/office/registers/incidents/new', '/approvals/new'];
    for (const path of paths) {
      await opened.page.goto(settings.base + path);
      await settled(opened.page);
      await assertAccessible(opened.page, `${path} for staff`);
      await walkContent(opened.page, `${path} for staff`);
    }
    await walkMenu(opened.page, 'the whole page for staff');
    await opened.context.close();
    assert.deepEqual(opened.problems, []);
  });

  // One component makes all dialogs; these are on the screens that need no data.
  test('a dialog holds the focus, closes with Escape and gives the focus back', async () => {
    const openers = { '/collections': '資料のまとまりを作る', '/admin/endpoints': '接続先を追加する', '/admin/services': '承認を登録する', '/admin/flows': '通信を許可する' };
    for (const [path, name] of Object.entries(openers)) {
      await page.goto(settings.base + path);
      await settled(page);
      const opener = page.getByRole('button', { name });
      await opener.focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      await assertAccessible(page, `the dialog of ${path}`);
      const stops = await dialog.locator('button:enabled, input:enabled, select:enabled, textarea:enabled').count();
      for (let n = 0; n <= stops + 2; n++) {
        await page.keyboard.press('Tab');
        assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null), `${path}: the focus left the dialog`);
      }
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      assert.ok(await opener.evaluate((button) => button === document.activeElement), `${path}: the focus comes back`);
    }
  });

  test('nothing scrolls sideways at 200 % zoom or 320 px', async () => {
    for (const viewport of [
      { width: 683, height: 384 },
      { width: 320, height: 640 },
    ]) {
      await page.setViewportSize(viewport);
      for (const screen of screens) {
        await page.goto(settings.base + screen);
        await settled(page);
        await assertNotCutOff(page, `${screen} at ${viewport.width} px`);
      }
    }
    await page.setViewportSize({ width: 1366, height: 768 });
  });

  test('a collection is made, takes files, shows their states and is deleted', async () => {
    await page.goto(`${settings.base}/collections`);
    await page.getByRole('button', { name: '資料のまとまりを作る' }).click();
    await assertAccessible(page, 'collection dialog');
    const name = `試験用の資料 ${Date.now()}`;
    await page.getByRole('textbox', { name: /名称/ }).fill(name);
    await page.getByRole('button', { name: '作成する' }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    const files = Array.from({ length: 12 }, (_, n) => ({
      name: `試験文書${n}.txt`,
      mimeType: 'text/plain',
      buffer: Buffer.from(`第${n}条　試験用の文書${n}の本文である。\n`),
    }));
    await page.getByTestId('upload-files').setInputFiles(files);
    await page.getByText('12件のうち12件を送信しました').waitFor();
    await page.getByRole('link', { name: '試験文書11.txt' }).waitFor({ timeout: 30_000 });
    await page.getByText('利用できます').nth(11).waitFor({ timeout: 60_000 });
    await assertAccessible(page, 'collection');
    await page.getByRole('link', { name: '試験文書3.txt' }).click();
    await page.getByText('試験用の文書3の本文である').waitFor();
    await assertAccessible(page, 'document');
    await page.getByRole('link', { name: '資料のまとまりへ' }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('button', { name: '削除する', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '削除する' }).click();
    await page.waitForURL(/\/collections$/);
    await page.getByRole('link', { name }).waitFor({ state: 'detached' });
  });

  test('search marks the words and opens the document at the place', async () => {
    await page.goto(`${settings.base}/search`);
    await page.getByRole('searchbox', { name: '検索する言葉' }).fill(settings.query);
    await page.keyboard.press('Enter');
    // A hit may have been found by its title alone: take the first whose text holds the word.
    const hit = page.locator('.hit').filter({ has: page.locator('mark') }).first();
    await hit.waitFor();
    await hit.getByRole('link').first().click();
    await page.locator('.source-text mark').first().waitFor();
  });

  test('an endpoint without approval is shown as not approved, tested and deleted', async () => {
    await page.goto(`${settings.base}/admin/endpoints`);
    await page.getByRole('button', { name: '接続先を追加する' }).click();
    await assertAccessible(page, 'endpoint dialog');
    const name = `試験用モデル ${Date.now()}`;
    await page.getByRole('textbox', { name: /^名称/ }).fill(name);
    await page.getByRole('textbox', { name: /アドレス/ }).fill('https://127.0.0.1:9/v1');
    await page.getByRole('textbox', { name: /モデル名/ }).fill('none');
    await page.getByRole('button', { name: '保存する' }).click();
    const card = page.locator('.endpoint').filter({ hasText: name });
    await card.getByText('未承認').waitFor();
    await card.getByRole('button', { name: /接続を試す/ }).click();
    await card.locator('.notice').first().waitFor({ timeout: 30_000 });
    await card.getByRole('button', { name: /接続先を削除する/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '削除する' }).click();
    await card.waitFor({ state: 'detached' });
  });

  test('an emergency stop is set, seen and released', async () => {
    await page.goto(`${settings.base}/admin/stops`);
    await page.getByRole('button', { name: '緊急停止する' }).click();
    await assertAccessible(page, 'stop dialog');
    await page.getByRole('combobox', { name: '止めるもの' }).selectOption('exports');
    await page.getByRole('button', { name: '止める', exact: true }).click();
    await page.getByText('対象、根拠となる人、理由を入力してください。').waitFor();
    await page.getByRole('textbox', { name: /^命令した人/ }).fill('副市長');
    await page.getByRole('textbox', { name: /^理由/ }).fill('画面の試験');
    await page.getByRole('button', { name: '止める', exact: true }).click();
    const card = page.locator('.stop').filter({ hasText: '情報の取り出し' });
    await card.getByText('画面の試験').waitFor();
    await assertAccessible(page, 'a stop in force');
    await assertNotCutOff(page, 'a stop in force');
    await card.getByRole('button', { name: /停止を解除する/ }).click();
    await page.getByRole('textbox', { name: /^解除の理由/ }).fill('試験の終わり');
    await page.getByRole('dialog').getByRole('button', { name: '解除する' }).click();
    await card.waitFor({ state: 'detached' });
    await page.getByRole('table', { name: '解除された停止' }).getByText('試験の終わり').first().waitFor();
  });

  test('an approved service and a flow are registered and ended', async () => {
    const name = `試験用サービス ${Date.now()}`;
    await page.goto(`${settings.base}/admin/services`);
    await page.getByRole('button', { name: '承認を登録する' }).click();
    await assertAccessible(page, 'service dialog');
    for (const [label, value] of [
      ['提供者', '試験の提供者'],
      ['サービスの名称', name],
      ['承認した人', '統括'],
      ['承認番号', '試験-1'],
    ])
      await page.getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(value);
    await page.getByRole('button', { name: '保存する' }).click();
    const service = page.locator('.endpoint').filter({ hasText: name });
    await service.getByText('有効', { exact: true }).waitFor();
    await page.goto(`${settings.base}/admin/flows`);
    await page.getByRole('button', { name: '通信を許可する' }).click();
    await assertAccessible(page, 'flow dialog');
    await page.getByRole('combobox', { name: /元のセグメント/ }).selectOption('lgwan');
    await page.getByRole('combobox', { name: /行き先/ }).selectOption('segment:internet');
    await page.getByRole('textbox', { name: /^目的/ }).fill(name);
    await page.getByRole('textbox', { name: /^許可した人/ }).fill('CISO');
    await page.getByRole('button', { name: '保存する' }).click();
    for (const place of ['/admin/flows', '/admin/services']) {
      await page.goto(settings.base + place);
      const card = page.locator('.endpoint').filter({ hasText: name });
      await card.getByRole('button', { name: /を終える$/ }).click();
      await page.getByRole('textbox', { name: /^理由/ }).fill('試験の終わり');
      await page.getByRole('dialog').getByRole('button', { name: '終える' }).click();
      // What is over is kept, folded away.
      await page.getByText(/^終わった記録/).click();
      await card.getByText('終了', { exact: true }).waitFor();
    }
  });

  test('a lower class is asked for from the document, with both classes shown to whoever decides', async () => {
    await page.goto(`${settings.base}/search?q=${encodeURIComponent('勤務時間 休暇')}`);
    await page.locator('.hit a').first().click();
    await page.getByRole('button', { name: '分類を下げる申請' }).click();
    await page.getByRole('combobox', { name: /機密性/ }).waitFor();
    await assertAccessible(page, 'lowering dialog');
    await page.getByRole('dialog').getByRole('button', { name: '申請する' }).click();
    await page.getByText('今より低い分類か、広い読める範囲を選んでください。').waitFor();
    await page.getByRole('combobox', { name: /機密性/ }).selectOption('1');
    await page.getByRole('textbox', { name: /^理由/ }).fill('市のウェブサイトで公表した資料のため');
    await page.getByRole('dialog').getByRole('button', { name: '申請する' }).click();
    await page.getByText('判断待ち', { exact: true }).waitFor();
    await page.getByText(/^機密性1・/).waitFor();
    await page.locator('.facts').getByRole('link').waitFor();
    await assertAccessible(page, 'request for a lower class');
  });

  test('a disposal is asked for from the document and waits for its permission', async () => {
    await page.goto(`${settings.base}/collections`);
    await page.getByRole('link', { name: '情報セキュリティ（情報政策課限り）' }).click(); // her own department's
    await page.locator('tbody a').first().click();
    await page.getByRole('link', { name: '廃棄を申請する' }).click();
    const dialog = page.getByRole('dialog');
    const id = await dialog.getByLabel('資料のID').inputValue();
    assert.match(id, /^[0-9A-Z]{26}$/, 'nobody types the id of what is before her');
    await assertAccessible(page, 'disposal request');
    await dialog.getByRole('button', { name: '申請する' }).click();
    await dialog.getByText('何を廃棄するかを入力してください。').waitFor();
    await dialog.getByLabel('廃棄するもの').fill('画面の試験の資料');
    await dialog.getByLabel('理由').fill('保存の期間が過ぎたため');
    await dialog.getByRole('button', { name: '申請する' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /画面の試験の資料.*許可待ち/ }).waitFor();
  });

  test('an API key is shown once', async () => {
    await page.goto(`${settings.base}/admin/keys`);
    await page.getByRole('button', { name: 'APIキーを作る' }).click();
    const name = `試験用 ${Date.now()}`;
    await page.getByRole('textbox', { name: /名称/ }).fill(name);
    await page.getByRole('button', { name: '作成する' }).click();
    const secret = (await page.getByTestId('secret').innerText()).trim();
    assert.ok(secret.length >= 16);
    await assertAccessible(page, 'secret dialog');
    await page.getByRole('dialog').getByRole('button', { name: '閉じる' }).last().click();
    await page.reload();
    await page.getByText(name).waitFor();
    assert.equal(await page.getByText(secret).count(), 0);
    await page.getByRole('button', { name: `APIキー「${name}」を削除する` }).click();
    await page.getByRole('dialog').getByRole('button', { name: '削除する' }).click();
    await page.getByRole('rowheader', { name }).waitFor({ state: 'detached' });
  });

  test('the skip link leads to the content', async () => {
    await page.goto(`${settings.base}/search`);
    await settled(page);
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  });

  test('logging out closes the screens', async () => {
    await page.getByRole('button', { name: /利用者メニュー/ }).click();
    await page.getByRole('button', { name: 'ログアウト' }).click();
    await page.getByRole('button', { name: 'ログインする' }).waitFor();
    await page.goto(`${settings.base}/collections`);
    await page.getByRole('button', { name: 'ログインする' }).waitFor();
  });
});
