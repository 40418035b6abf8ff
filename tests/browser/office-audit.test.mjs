// An audit by the people who do it, with the keyboard: plan, fieldwork, findings, the order with 横展開, and the follow-up. Each screen on the way by axe.
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './browser.mjs';
import { officePlay } from './office_play.mjs';

const top = 'm.oba';
const auditor = 'f.kansa';
const audited = 'n.ikegami';
const neighbour = 'r.asakura';

describe('an audit', () => {
  const { as, at, press, step, write, choose, pick, openCase, state, begin, end } = officePlay();
  let plan;
  let audit;

  before(begin);
  after(end);

  test('is planned, and its committee permits the plan', async () => {
    let page = await as(auditor);
    plan = await openCase(page, 'audit-plans', () => page.getByRole('textbox', { name: /^年度(?!の)/ }).fill('2026'));
    await step(page, '委員会の承認を求める', async (dialog) => {
      await write(dialog, '重点と方法', '持出しの記録');
      await dialog.getByRole('group', { name: /^監査する部署/ }).getByRole('checkbox', { name: '福祉課' }).check();
      await pick(page, dialog, '監査を行う人', '深町');
      await assertAccessible(page, 'a plan that is proposed');
    });
    page = await at(top, plan);
    await step(page, '承認する');
    page = await at(auditor, plan);
    await step(page, '部署ごとの監査を始める');
    await page.getByRole('link', { name: /^監査2026-/ }).first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname !== plan);
    audit = new URL(page.url()).pathname;
    await state(page, '予定');
  });

  test('is done by somebody independent, and its findings reported', async () => {
    const page = await at(auditor, audit);
    await step(page, '監査人に依頼して始める', async (dialog) => {
      await pick(page, dialog, '監査を行う人', '深町');
      await write(dialog, '監査と安全の専門知識', '情報処理安全確保支援士');
      await choose(dialog, '監査する部署から独立している', { label: 'はい' });
    });
    await step(page, '監査の結果を委員会に報告する', async (dialog) => {
      await press(page, dialog, '「指摘」に行を加える');
      await dialog.getByRole('group', { name: '1行目' }).getByRole('textbox', { name: /^指摘/ }).fill('持出しの記録がない');
      await dialog.getByRole('group', { name: '1行目' }).getByRole('combobox', { name: /^重さ/ }).selectOption('ordinary');
      await write(dialog, '監査の結論', '記録を残すこと');
      await choose(dialog, '指摘の有無', 'findings');
      await assertAccessible(page, 'a report with findings');
    });
    await state(page, '委員会に報告済み');
  });

  test('is followed up in the department and where the same may be', async () => {
    let page = await at(top, audit);
    await step(page, '指摘への対処を指示し、横展開を求める', async (dialog) => {
      await write(dialog, '最高責任者の指示', '記録の様式を決めて残すこと');
      await dialog.getByRole('group', { name: /^同じ問題がありそうな部署/ }).getByRole('checkbox', { name: '総務課' }).check();
      await choose(dialog, '全庁にまたがる改善がある', { label: 'いいえ' });
    });
    await state(page, '改善の指示済み');
    // Each department finds its own order among its tasks.
    for (const [login, kind, found] of [
      [audited, '指摘への対処', null],
      [neighbour, '横展開', 'no'],
    ]) {
      page = await at(login, '/office/tasks');
      await page.getByRole('link', { name: /^監査指示/ }).or(page.getByRole('row').filter({ hasText: kind }).getByRole('link')).first().focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/office\/cases\//);
      await page.getByText(kind).first().waitFor();
      await step(page, '対処を報告する', async (dialog) => {
        if (found) await choose(dialog, '同じ問題の有無', found);
        await write(dialog, 'とった対処', '記録の様式を決めた');
        await dialog.getByLabel(/^済んだ日/).fill('2026-11-20');
      });
      const order = new URL(page.url()).pathname;
      page = await at(top, order);
      await step(page, '対処を認める');
      await state(page, '終了');
    }
    page = await at(auditor, audit);
    await step(page, '対処がすべて済んだことを確かめて終える');
    await state(page, '終了');
    await assertAccessible(page, 'an audit that is over');
    page = await at(auditor, plan);
    await step(page, '年度の結果を委員会に報告して終える', (dialog) => write(dialog, '年度の結果', '持出しの記録を整えた'));
    await state(page, '終了');
  });
});
