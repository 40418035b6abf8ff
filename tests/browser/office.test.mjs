// The security office: an incident from its report to its end by four people, its list, its print form, and the definitions; each screen by axe.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, settings } from './browser.mjs';
import { officePlay } from './office_play.mjs';

const what = `鞄ごと端末を置き忘れた ${Date.now()}`;
const reporter = 'a.hirose'; // of another department than the one where it happened
const manager = 'n.ikegami';
const head = settings.login;
const top = 'm.oba';

describe('the security office', () => {
  const { as, at, step, write: note, begin, end } = officePlay();
  let incident;

  before(begin);
  after(end);

  test('a report without what it needs says so in place and takes the person there', async () => {
    const page = await at(reporter, '/office');
    await assertAccessible(page, 'the office');
    await page.getByRole('heading', { level: 2, name: '事故と違反' }).waitFor();
    await page.goto(`${settings.base}/office/registers/incidents/new`);
    await page.getByRole('button', { name: 'この内容で開く' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(/直す欄が\d+つあります/).waitFor();
    assert.match(await page.evaluate(() => document.activeElement.closest('.field').textContent), /だれが気付いたか/);
    await assertAccessible(page, 'a report with mistakes');
  });

  test('a member of staff reports', async () => {
    const page = await as(reporter);
    await page.getByRole('combobox', { name: /^だれが気付いたか/ }).selectOption('staff');
    await page.getByRole('combobox', { name: /^種類/ }).selectOption('lost_medium');
    await page.getByRole('textbox', { name: /^何が起きたか/ }).fill(what);
    await page.getByLabel(/^気付いた日時/).fill('2026-04-01T09:05');
    await page.getByText('和暦：令和8年4月1日').waitFor();
    await page.getByRole('combobox', { name: /^起きた部署/ }).selectOption({ label: '福祉課' });
    await page.getByRole('button', { name: 'この内容で開く' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/office\/cases\//);
    incident = new URL(page.url()).pathname;
    await page.getByText('管理者が確認中').first().waitFor();
    await page.getByText('令和8年4月1日 09:05').first().waitFor();
    await assertAccessible(page, 'an incident');
  });

  test('it waits for the manager, who is told and reports it on', async () => {
    let page = await at(manager, '/office/notices');
    await page.getByRole('table').getByText(/の報告がありました/).first().waitFor();
    await assertAccessible(page, 'notices');
    page = await at(manager, '/office/tasks');
    await page.getByRole('region', { name: '進めるもの' }).getByText(what).waitFor();
    await assertAccessible(page, 'tasks');
    page = await at(manager, incident);
    await step(page, '統括・情報管理者・窓口へ報告する', async (dialog) => {
      await dialog.getByRole('button', { name: '統括・情報管理者・窓口へ報告する', exact: true }).click();
      await dialog.getByRole('alert').getByText(/関係する情報の分類/).waitFor();
      await assertAccessible(page, 'a step with a mistake');
      await dialog.getByRole('combobox', { name: /^機密性/ }).selectOption('2');
      await note(dialog, '関係する情報システム', 'なし');
    });
    await page.getByText('統括が対応中').first().waitFor();
  });

  test('a file is evidence with a day of its own, and a remark stays in the history', async () => {
    const page = await at(head, incident);
    const form = page.getByRole('form', { name: '「証拠」にファイルを付ける' });
    await form.getByLabel('ファイルを選ぶ').setInputFiles({ name: '届出.txt', mimeType: 'text/plain', buffer: Buffer.from('遺失届') });
    await form.getByRole('button', { name: '「証拠」にファイルを付ける' }).click();
    await form.getByText('証拠の日付を書いてください。').waitFor();
    await form.getByLabel(/^証拠の日付/).fill('2026-04-02');
    await form.getByRole('button', { name: '「証拠」にファイルを付ける' }).click();
    await page.getByText('証拠の日付 令和8年4月2日').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: '届出.txtを保存する' }).click();
    assert.equal((await saved).suggestedFilename(), '届出.txt');
    await page.getByRole('textbox', { name: '書き添えること' }).fill('交番に届け出た。');
    await page.getByRole('button', { name: '書き添える', exact: true }).click();
    await page.locator('.office-history').getByText('交番に届け出た。').waitFor();
  });

  test('a person is found by name and put into a field', async () => {
    const page = await at(head, incident);
    await page.getByRole('button', { name: '欄を書く' }).click();
    await assertAccessible(page, 'the form of a case');
    await assertNotCutOff(page, 'the form of a case');
    const group = page.getByRole('group', { name: /^担当者/ });
    await group.getByRole('textbox').fill('池上');
    await page.keyboard.press('Enter');
    await group.getByRole('button', { name: /^池上.*を選ぶ$/ }).click();
    await page.getByRole('button', { name: '保存する', exact: true }).click();
    await page.getByText('保存しました。').waitFor();
    await page.getByText('池上 直美').first().waitFor();
  });

  test('a draft is made beside its field, taken over by the one who writes, and the history says so', async () => {
    const page = await at(head, incident);
    await page.getByRole('button', { name: '欄を書く' }).click();
    await page.getByRole('button', { name: '「報告文」の下書きを作る' }).click();
    const panel = page.getByRole('region', { name: '「報告文」の下書き' });
    await panel.getByRole('button', { name: '下書きを作る', exact: true }).click();
    await panel.getByText('モデルは使っていません').waitFor();
    await panel.getByRole('button', { name: '欄に写す' }).click();
    await panel.getByText('欄に写しました').waitFor();
    await assertAccessible(page, 'a draft beside its field');
    assert.match(await page.getByRole('textbox', { name: /^報告文/ }).inputValue(), new RegExp(what));
    await page.getByRole('button', { name: '保存する', exact: true }).click();
    await page.getByText('保存しました。').waitFor();
    await page.locator('.office-history').getByText('「報告文」は下書きから始まった文').waitFor();
  });

  test('branches go on beside it, and what does not go yet says why', async () => {
    const page = await at(head, incident);
    await step(page, '最高責任者・責任者へ報告する');
    await page.getByText('今はできません：封じ込めが済んでいません。').waitFor();
    for (const title of ['封じ込めを始める', '封じ込めた', '復旧した']) await step(page, title);
    await step(page, '報告は要しないと判断する', (dialog) => note(dialog, '理由', '漏えいのおそれがないため'));
    await step(page, '公表しないと判断する', async (dialog) => {
      await note(dialog, '公表の判断と内容', '公表しない');
      await note(dialog, '理由', '住民への影響がないため');
    });
    await step(page, '原因の究明を始める');
    await step(page, '再発防止策を最高責任者へ報告する', async (dialog) => {
      await note(dialog, '原因', '持ち出しの確認が漏れた');
      await note(dialog, '再発防止策', '持ち出しの記録を二人で確かめる');
    });
  });

  test('the highest officer has it among what waits for a decision, and orders', async () => {
    let page = await at(top, '/office/tasks');
    await page.getByRole('region', { name: '判断を待っているもの' }).getByText(what).waitFor();
    page = await at(top, incident);
    await step(page, '再発防止策を指示する', (dialog) => note(dialog, '最高責任者の指示', '全課で実施すること'));
    page = await at(head, incident);
    await step(page, '終結する');
    await page.getByText('終結', { exact: true }).first().waitFor();
    await assertAccessible(page, 'a closed incident');
  });

  test('the list is filtered by state, by field and by words, and its address says so', async () => {
    const page = await at(head, '/office/registers/incidents');
    await page.getByRole('combobox', { name: '状態', exact: true }).selectOption('closed');
    await page.getByRole('combobox', { name: '内容の欄', exact: true }).selectOption('kind');
    await page.getByRole('combobox', { name: '種類', exact: true }).selectOption('lost_medium');
    await page.getByRole('textbox', { name: '言葉' }).fill('置き忘れた');
    await page.keyboard.press('Enter');
    await page.waitForURL(/state=closed/);
    await page.getByText(/\d+件を表示しています/).waitFor();
    await page.getByRole('cell', { name: '終結' }).first().waitFor();
    await assertAccessible(page, 'a filtered list');
    await page.reload();
    await page.getByRole('cell', { name: '終結' }).first().waitFor();
    await page.getByRole('combobox', { name: '種類', exact: true }).selectOption('leak');
    await page.getByRole('button', { name: '絞り込む' }).click();
    await page.getByText('当てはまる案件はありません。').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('combobox', { name: '書き出す形' }).selectOption('csv-cp932');
    await page.getByRole('button', { name: '書き出す' }).click();
    assert.equal((await saved).suggestedFilename(), 'incidents.csv');
    await page.getByText('0件を書き出しました。').waitFor();
  });

  test('a ledger is read in: what each column is, what cannot be taken and why, then the good rows', async () => {
    const page = await at(head, '/office/registers/assets');
    await page.getByRole('link', { name: '読み込む' }).click();
    const text = '名称,種類,部署,機密性,保管場所,旧番号\r\n画面の試験の棚,書類,情報政策課,2,3階,K-1\r\n画面の試験の窓,景色,情報政策課,2,3階,K-2\r\n';
    await page.getByLabel('台帳のファイル').setInputFiles({ name: '資産.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByRole('button', { name: '確かめる', exact: true }).click();
    await page.getByText('2行のうち、').waitFor();
    await assertAccessible(page, 'import of a ledger');
    assert.equal(await page.getByRole('combobox', { name: '「保管場所」の行き先' }).inputValue(), 'place');
    assert.equal(await page.getByRole('combobox', { name: '「旧番号」の行き先' }).inputValue(), '@keep');
    await page.getByRole('table', { name: /読み込めない理由/ }).getByRole('cell', { name: '景色' }).waitFor();
    await page.getByRole('button', { name: '読める行だけ読み込む' }).click();
    await page.getByText(/^読み込みました。/).waitFor();
    await page.getByRole('link', { name: '台帳へ' }).click();
    await page.getByRole('textbox', { name: '言葉' }).fill('画面の試験の');
    await page.keyboard.press('Enter');
    await page.getByText('1件を表示しています。').waitFor();
    await page.locator('th a').first().click();
    await page.getByText('K-1').waitFor();
    await assertAccessible(page, 'a case with a kept column');
  });

  test('the print form has the boxes of approval and nothing of the screen around it', async () => {
    const page = await at(head, `${incident}/print`);
    await assertAccessible(page, 'print form');
    const seals = page.getByRole('table', { name: '決裁欄' });
    await seals.getByText('大庭 美佐子').waitFor();
    await seals.getByText(/^令和\d+年\d+月\d+日$/).first().waitFor();
    await page.getByText(what).first().waitFor();
    await page.emulateMedia({ media: 'print' });
    for (const hidden of ['.shell-header', '.shell-nav', '.page-head']) assert.equal(await page.locator(hidden).isVisible(), false, hidden);
    assert.equal(await page.locator('.print-sheet').isVisible(), true);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    await page.emulateMedia({ media: null });
    // A4 in points, as every page of the file says.
    assert.match(pdf.toString('latin1'), /\/MediaBox\s*\[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]/);
  });

  test('a definition is checked by line before it is put', async () => {
    const page = await at(head, '/office/define?from=assets');
    const text = page.getByRole('textbox', { name: '定義の本文' });
    await page.waitForFunction(() => document.querySelector('textarea').value.includes('id: assets'));
    const source = await text.inputValue();
    await text.fill(source.replace(/^title: .*$/m, 'titel: 資産'));
    await page.getByRole('button', { name: '確かめる' }).click();
    await page.getByText(/誤りが\d+つあります。/).waitFor();
    await assertAccessible(page, 'a definition with mistakes');
    await page.getByRole('button', { name: /\d+行目を示す/ }).first().click();
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'TEXTAREA');
    await text.fill(source);
    await page.getByRole('button', { name: '確かめる' }).click();
    await page.getByText('誤りはありません（assets）。').waitFor();
  });

  test('nothing is cut off at 200 % zoom or 320 px', async () => {
    const page = await as(head);
    for (const viewport of [
      { width: 683, height: 384 },
      { width: 320, height: 640 },
    ]) {
      await page.setViewportSize(viewport);
      for (const path of [incident, `${incident}/print`, '/office/registers/incidents/new', '/office/tasks'])
        await assertNotCutOff(await at(head, path), `${path} at ${viewport.width} px`);
    }
  });
});
