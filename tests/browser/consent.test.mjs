// The consent of staff for a fixed term, by keyboard alone: the list of staff says who is asked for it, she reads, consents, and is a fixed-term person who
// has consented in the list of who has not read. Others are asked for nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible, assertNotCutOff, launch, logIn, openPage, settings } from './browser.mjs';
import { walkContent } from './keyboard.mjs';

const title = '鍵の規程';
const text = `${title}\n\n（職員）\n第1条 職員は、書庫の鍵を持ち歩いてはならない。\n（記録）\n第2条 この規程の記録は、三年とする。\n`;
const staff = { login: 'a.hirose', name: '広瀬 彩', department: '市民課' };
const other = 's.kuroda'; // permanent
const top = 'm.oba'; // confirms for the whole body

// What the product's own pages do elsewhere, done here in one go.
async function call(page, method, path, body) {
  const [status, answer] = await page.evaluate(
    async ([verb, where, sent]) => {
      const { csrf } = await (await fetch('/api/v1/session')).json();
      const reply = await fetch(where, { method: verb, headers: { 'Content-Type': 'application/json', 'X-Sekisho-Csrf': csrf }, body: JSON.stringify(sent) });
      return [reply.status, await reply.json()];
    },
    [method, path, body],
  );
  assert.equal(status, 200, `${path}: ${JSON.stringify(answer)}`);
  return answer;
}

async function press(page, name) {
  await page.getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
}

describe('the consent of fixed-term staff', () => {
  let browser;
  let head;
  const problems = [];

  const open = async (login, options) => {
    const one = await openPage(browser);
    problems.push(one.problems);
    await logIn(one.page, '/', { elevated: false, login, ...options });
    return one.page;
  };

  before(async () => {
    browser = await launch();
    head = await open(settings.login, { elevated: true });
    const { document, version } = await call(head, 'POST', '/api/v1/policies', { name: '鍵.txt', content: Buffer.from(text).toString('base64') });
    const confirms = await open(top);
    await call(confirms, 'POST', `/api/v1/policies/versions/${version}/declare`, { effective_on: '2026-04-01', decision: '令和8年3月の委員会' });
    await call(head, 'POST', `/api/v1/policies/documents/${document}/reading`, {});
  });
  after(async () => {
    await browser?.close();
    assert.deepEqual(problems.flat(), []);
  });

  test('the list of staff says that she is here for a fixed term', async () => {
    await head.goto(`${settings.base}/admin/staff-import`);
    const rows = ['職員番号,利用者ID,氏名,所属,役割,区分,機密性,発令日,退職日', `F-1,${staff.login},${staff.name},${staff.department},一般の職員,会計年度任用職員,2,,`];
    await head.getByLabel(/^名簿のファイル/).setInputFiles({ name: '名簿.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) });
    await press(head, '変わることを確かめる');
    await press(head, '1件を取り込む');
    await head.getByRole('status').filter({ hasText: '取り込みました' }).waitFor();
  });

  test('she is told of both, reads, and consents with the keyboard', async () => {
    const page = await open(staff.login);
    await page.goto(`${settings.base}/readings`);
    await page.getByRole('row', { name: new RegExp(title) }).getByText(/同意が必要/).waitFor();
    await walkContent(page, 'what she is asked to read');
    await page.getByRole('link', { name: title }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('書庫の鍵を持ち歩いてはならない。').waitFor();
    await page.getByRole('heading', { name: '遵守への同意' }).waitFor();
    assert.equal(await page.getByRole('button', { name: '確認する' }).count(), 0, 'one act for both');
    assert.equal(await page.getByRole('button', { name: '同意する' }).isDisabled(), true);
    await assertAccessible(page, 'a consent that is asked for');
    await page.setViewportSize({ width: 320, height: 640 });
    await assertNotCutOff(page, 'the consent at 320 px');
    await page.setViewportSize({ width: 1366, height: 768 });
    await walkContent(page, 'the consent');
    await page.getByRole('checkbox').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText(/に同意しました。/).waitFor();
    await page.getByText(/に確認しました。/).waitFor();
    assert.equal(await page.getByRole('checkbox').count(), 0, 'nothing more is asked');
    await assertAccessible(page, 'a consent that was given');
    await page.reload();
    await page.getByText(/に同意しました。/).waitFor();
    await page.goto(`${settings.base}/readings`);
    await page.getByRole('row', { name: new RegExp(title) }).getByText(/確認済み/).waitFor();
    assert.equal(await page.getByRole('row', { name: new RegExp(title) }).getByText(/同意が必要/).count(), 0);
  });

  test('a permanent person confirms alone', async () => {
    const page = await open(other);
    await page.goto(`${settings.base}/readings`);
    await page.getByRole('link', { name: title }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '確認する' }).waitFor();
    assert.equal(await page.getByRole('button', { name: '同意する' }).count(), 0);
    assert.equal(await page.getByRole('heading', { name: '遵守への同意' }).count(), 0);
  });

  test('who has consented is told to those who ask', async () => {
    await head.goto(`${settings.base}/readings/people`);
    await head.getByRole('heading', { name: '部署ごとの数' }).waitFor();
    await head.getByRole('checkbox', { name: '確認と同意の済んだ人も示す' }).focus();
    await head.keyboard.press('Space');
    const rowOf = (name) => head.getByRole('row').filter({ hasText: name }).filter({ hasText: title });
    const cells = await rowOf(staff.name).getByRole('cell').allTextContents();
    assert.match(cells[5], /\d/, 'when she consented');
    await rowOf('黒田').getByText('求めない区分').waitFor();
    await assertAccessible(head, 'who has consented');
  });
});
