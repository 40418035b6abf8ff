import { assertAccessible, launch, logIn, openPage, settings } from './browser.mjs';
const browser = await launch();
const { page, problems } = await openPage(browser);
const out = process.env.OUT;
try {
  await logIn(page);
  await page.goto(settings.base + '/admin/organisation');
  await page.locator('.org-sections').waitFor();
  for (const name of ['概要', '部署', '役割', '任命', '分類', 'セグメント', '用語', '時間の言葉', '設定の版']) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.waitForTimeout(700);
    await assertAccessible(page, name);
    await page.screenshot({ path: `${out}/${name}.png` });
  }
  await page.getByRole('button', { name: '任命', exact: true }).click();
  await page.getByRole('button', { name: '任命する' }).click();
  await page.waitForTimeout(400);
  await assertAccessible(page, 'dialog');
  await page.screenshot({ path: `${out}/dialog.png` });
  await page.keyboard.press('Escape');
  await page.goto(settings.base + '/admin/staff-import');
  await page.locator('input[type=file]').setInputFiles(process.env.LIST);
  await page.getByRole('button', { name: '変わることを確かめる' }).click();
  await page.locator('#import-preview').waitFor();
  await assertAccessible(page, 'import');
  await page.screenshot({ path: `${out}/import.png`, fullPage: true });
  await page.getByLabel('取り込めない行を除いて取り込む').check();
  await page.getByRole('button', { name: '2件を取り込む' }).click();
  await page.getByText('取り込みました').waitFor();
  await page.goto(settings.base + '/collections');
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${out}/collections.png` });
} catch (e) { console.log(e.message); await page.screenshot({ path: `${out}/failed.png` }); }
console.log(problems);
await browser.close();
