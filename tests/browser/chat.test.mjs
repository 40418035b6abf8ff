// Ask, check the source, branch, rename, delete: what a member of staff does every day.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ask, assertAccessible, lastAnswer, launch, logIn, openPage, settings } from './browser.mjs';

describe('chat', () => {
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

  test('a wrong password is refused with a sentence', async () => {
    await page.goto(`${settings.base}/login`);
    await page.locator('input[name=login]').fill(settings.login);
    await page.locator('input[name=password]').fill('this is not the password');
    await page.getByRole('button', { name: 'ログインする' }).click();
    await page.getByRole('alert').waitFor();
    await assertAccessible(page, 'login');
  });

  test('a question is answered with citations', async () => {
    await logIn(page);
    await ask(page, settings.question);
    const answer = await lastAnswer(page);
    assert.match(page.url(), /\/chat\/.+/);
    assert.ok((await answer.locator('.cite-chip').count()) > 0, 'the answer has citation chips');
    assert.ok((await answer.locator('.source-link').count()) > 0, 'the answer lists its sources');
    await assertAccessible(page, 'chat');
  });

  test('what may not be sent is underlined, said, and not sent', async () => {
    const asked = await page.locator('.message-user').count();
    const area = page.locator('.chat-composer .question-area');
    await area.fill('番号は123456789018、電話は090-1234-5678です');
    await page.locator('.findings .finding-block').waitFor();
    assert.deepEqual(await page.locator('.question-marks mark').allInnerTexts(), ['123456789018', '090-1234-5678']);
    assert.match(await page.locator('.findings').innerText(), /個人番号 1件[^]*電話番号 1件/);
    await assertAccessible(page, 'findings');
    await area.press('Enter');
    assert.equal(await page.locator('.message-user').count(), asked, 'nothing was sent');
    assert.ok(await page.locator('.findings-box').evaluate((box) => box === document.activeElement), 'the findings have the focus');
    await area.fill('');
    await page.locator('.findings').waitFor({ state: 'detached' });
  });

  test('a citation opens its source with the passage marked, and Escape gives the focus back', async () => {
    const chip = page.locator('.cite-chip').first();
    await chip.focus();
    await page.keyboard.press('Enter');
    const panel = page.locator('.source-panel');
    await panel.locator('mark').first().waitFor();
    assert.ok((await panel.locator('mark').allInnerTexts()).join('').length > 0);
    const visible = await panel
      .locator('mark')
      .first()
      .evaluate((mark) => {
        const box = mark.getBoundingClientRect();
        return box.top >= 0 && box.top < innerHeight;
      });
    assert.ok(visible, 'the passage is scrolled into view');
    await assertAccessible(page, 'source panel');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    assert.ok(await chip.evaluate((element) => element === document.activeElement));
  });

  test('the answer survives a reload', async () => {
    const text = await page.locator('article.message-assistant .markdown').last().innerText();
    await page.reload();
    await lastAnswer(page);
    assert.equal(await page.locator('article.message-assistant .markdown').last().innerText(), text);
  });

  test('leaving while an answer is written loses nothing', async () => {
    await ask(page, settings.question);
    await page.locator('article.message-user').nth(1).waitFor();
    await page.locator('article.message-assistant').nth(1).waitFor();
    await page.reload();
    const answer = await lastAnswer(page);
    assert.ok((await answer.locator('.markdown').innerText()).length > 0);
  });

  test('a running answer can be stopped', async () => {
    await ask(page, settings.question);
    const stop = page.getByRole('button', { name: '停止する' });
    // The built-in engine may be done before a person could press the button.
    if (await stop.isVisible().catch(() => false)) await stop.click({ timeout: 2_000 }).catch(() => undefined);
    const answer = await lastAnswer(page);
    assert.ok(await answer.isVisible());
  });

  test('an answer made again is a branch that can be paged', async () => {
    await page.getByRole('button', { name: '答えを作り直す' }).last().click();
    await page
      .getByRole('button', { name: '停止する' })
      .waitFor({ timeout: 2_000 })
      .catch(() => undefined);
    const answer = await lastAnswer(page);
    await answer.locator('.branch-count').getByText('2／2').waitFor();
    await answer.getByRole('button', { name: '前の版を表示する' }).click();
    await page.locator('article.message-assistant').last().locator('.branch-count').getByText('1／2').waitFor();
  });

  test('an edited question is a branch', async () => {
    await page.getByRole('button', { name: '質問を直して送る' }).first().click();
    const edit = page.getByRole('textbox', { name: '質問を直す' });
    await edit.fill(`${settings.question}（再）`);
    await page.getByRole('button', { name: '直して送信する' }).click();
    await page.locator('.branch-count').getByText('2／2').first().waitFor();
    await lastAnswer(page);
    assert.equal(await page.locator('article.message-user').count(), 1);
  });

  test('a question without an answer in the documents says so and cites nothing', async () => {
    await ask(page, settings.unanswerable);
    const answer = await lastAnswer(page);
    assert.equal(await answer.locator('.cite-chip').count(), 0);
    await answer.getByText('出典はありません').waitFor();
  });

  test('the Enter that confirms a conversion does not send', async () => {
    const before = await page.locator('article.message-user').count();
    const box = page.getByRole('textbox', { name: '質問', exact: true });
    await box.focus();
    const client = await page.context().newCDPSession(page);
    await client.send('Input.imeSetComposition', { text: 'じゅうみん', selectionStart: 5, selectionEnd: 5 });
    await client.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
    await client.send('Input.insertText', { text: '住民' });
    assert.equal(await box.inputValue(), '住民');
    assert.equal(await page.locator('article.message-user').count(), before);
    await page.keyboard.press('Shift+Enter');
    assert.equal(await box.inputValue(), '住民\n');
    await box.fill('');
  });

  test('an answer can be saved for Word', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Wordで保存' }).first().click()]);
    assert.equal(await download.failure(), null);
  });

  test('a conversation is renamed, found in the history and deleted', async () => {
    const name = `試験用の会話 ${Date.now()}`;
    await page.getByRole('button', { name: '会話の名前を変える' }).click();
    await assertAccessible(page, 'rename dialog');
    await page.getByRole('textbox', { name: /会話の名前/ }).fill(name);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('searchbox', { name: '会話を探す' }).fill(name);
    const entry = page.getByRole('link', { name });
    await entry.waitFor();
    await page.getByRole('button', { name: '会話を削除する' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '削除する' }).click();
    await page.waitForURL(/\/chat$/);
    await entry.waitFor({ state: 'detached' });
  });
});
