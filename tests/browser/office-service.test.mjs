// An external service by the people who do it, with the keyboard: from the idea to an answer through it, and to its end. Each screen on the way by axe.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { ask, assertAccessible, assertNotCutOff, elevate, lastAnswer, settings } from './browser.mjs';
import { officePlay } from './office_play.mjs';

const divisionHead = 'h.minowa';
const head = settings.login; // also the permitter of services
const serviceManager = 'r.asakura';
const systemStaff = 'y.sakuma';
const clerk = 'a.hirose';

// A model that says one sentence, as OpenAI's interface streams it.
function startModel() {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      const part = (delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
      response.end(`${part({ role: 'assistant', content: '承認されたサービスの答えです。' })}data: [DONE]\n\n`);
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('an external service', () => {
  const { as, at, press, step, write, choose, tick, pick, openCase, state, begin, end } = officePlay();
  let model;
  const service = `文案の支援 ${Date.now()}`;
  let path;

  before(async () => {
    model = await startModel();
    await begin();
  });
  after(async () => {
    await end();
    model?.close();
  });

  test('is considered, its provider chosen and trusted, and asked for', async () => {
    let page = await as(divisionHead);
    path = await openCase(page, 'external-services', async () => {
      await write(page, 'サービスの名称', service);
      await write(page, '提供者', '例示社');
      await write(page, '使う業務', '窓口の案内文を作る');
      await choose(page, '機密性', '2');
      await choose(page, '完全性', '1');
      await choose(page, '可用性', '1');
    });
    await step(page, '使うことを検討した', (dialog) => write(dialog, '使うことの検討', '職員の手間が減る'));
    await step(page, '提供者を選び、統括の判断を求める', async (dialog) => {
      await tick(dialog, '選定の条件');
      await write(dialog, 'データの置き場所', '日本');
      await write(dialog, '準拠する法', '日本法、東京');
      await write(dialog, '求める安全の要件', '通信と保存を暗号化する');
      await assertAccessible(page, 'a step with a long check list');
      await assertNotCutOff(page, 'a step with a long check list');
    });
    page = await at(head, path);
    await step(page, '提供者を信頼できると判断する', (dialog) => write(dialog, '統括の判断', '監査報告を確かめた'));
    page = await at(divisionHead, path);
    await step(page, '許可権限者に申請する', (dialog) => choose(dialog, '契約までに仕様を満たす', { label: 'はい' }));
    await state(page, '申請中');
  });

  test('is approved, and an endpoint behind it becomes usable', async () => {
    let page = await at(head, path);
    await step(page, '承認し、管理者を指名して一覧に載せる', async (dialog) => {
      await dialog.getByLabel(/^承認の期限/).fill('2031-03-31');
      await pick(page, dialog, '外部サービス管理者', '朝倉');
      await write(dialog, '承認済み一覧の番号', '1');
    });
    await state(page, '承認済み（構築前）');
    page = await as(systemStaff);
    await elevate(page);
    await page.goto(`${settings.base}/admin/services`);
    await page.locator('.endpoint').filter({ hasText: service }).getByText('有効', { exact: true }).waitFor();
    await page.goto(`${settings.base}/admin/endpoints`);
    await press(page, page, '接続先を追加する');
    const dialog = page.getByRole('dialog');
    await write(dialog, '名称', service);
    await dialog.getByRole('textbox', { name: /アドレス/ }).fill(`http://127.0.0.1:${model.address().port}/v1`);
    await dialog.getByRole('textbox', { name: /モデル名/ }).fill('play');
    await dialog.getByRole('combobox', { name: /^承認された外部サービス/ }).selectOption({ label: await labelOf(dialog, service) });
    await press(page, dialog, '保存する');
    const card = page.locator('.endpoint').filter({ hasText: service });
    await card.getByText('通信の許可なし').waitFor();
    await page.goto(`${settings.base}/admin/flows`);
    await press(page, page, '通信を許可する');
    const flow = page.getByRole('dialog');
    await choose(flow, '元のセグメント', 'lgwan');
    await flow.getByRole('combobox', { name: /^行き先/ }).selectOption({ label: `接続先：${service}` });
    await write(flow, '目的', '窓口の案内文');
    await write(flow, '許可した人', '副市長');
    await press(page, flow, '保存する');
    await flow.waitFor({ state: 'detached' });
    await page.goto(`${settings.base}/admin/endpoints`);
    await card.getByText('利用できます').waitFor();
    page = await at(serviceManager, path);
    await step(page, '構築を確かめ、運用を始める', (each) => tick(each, '構築のときの確認'));
    await state(page, '運用中');
  });

  test('answers a member of staff, until it ends and says so with its clause', async () => {
    let page = await at(clerk, '/');
    await page.locator('.scope-button').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: /^応答するモデル/ }).selectOption({ label: service });
    await page.keyboard.press('Escape');
    await ask(page, '転入届の案内文を作ってください');
    let answer = await lastAnswer(page);
    await answer.getByText('承認されたサービスの答えです。').waitFor();
    await assertAccessible(page, 'an answer through the service');
    const chat = new URL(page.url()).pathname;
    page = await at(divisionHead, path);
    await step(page, '終了の手続に入る', (dialog) => write(dialog, '理由', '別のサービスに替えるため'));
    page = await at(systemStaff, '/admin/endpoints');
    await page.locator('.endpoint').filter({ hasText: service }).getByText('未承認').waitFor();
    page = await at(clerk, chat);
    await ask(page, '転出届の案内文を作ってください');
    answer = await lastAnswer(page);
    await answer.getByText(/13\(2\)エ/).waitFor();
    await assertAccessible(page, 'an answer that was not released');
    page = await at(serviceManager, path);
    await step(page, '終わりを確かめた', (dialog) => tick(dialog, '終わりの確認'));
    await state(page, '終了');
    await page.locator('.office-history').getByText(/外部サービスの承認/).first().waitFor();
    await assertAccessible(page, 'a service that is over');
  });
});

// The option that bears the name, whatever stands beside it.
async function labelOf(where, name) {
  const options = await where.getByRole('combobox', { name: /^承認された外部サービス/ }).getByRole('option').allTextContents();
  const found = options.find((each) => each.includes(name));
  assert.ok(found, `${name} among ${options.join('、')}`);
  return found;
}
