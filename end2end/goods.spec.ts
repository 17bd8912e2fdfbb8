// Goods in bulk and from elsewhere; what the directories know.

import type { Page } from '@playwright/test';
import { hydrated } from './support/pages.ts';
import { Editor, pick } from './support/statform.ts';
import { expect, test } from './support/test.ts';

test.beforeEach(() => {
  test.setTimeout(240_000);
});

const IMPORT = 'Вставить из таблицы или файла';

async function goods(page: Page): Promise<Editor> {
  const editor = await Editor.create(page);
  await editor.go('Товары');
  return editor;
}

test('nine hundred and ninety-nine lines are worked on as one is', async ({ page, signIn, audit }) => {
  await signIn('director');
  const editor = await goods(page);
  const lines = Array.from({ length: 1000 }, (_, n) => `8471300000\tНОУТБУК ${n + 1}\t100,25\t1,5`);
  await page.getByRole('button', { name: IMPORT }).click();
  const dialog = page.getByRole('dialog', { name: 'Товары из таблицы' });
  await dialog
    .getByRole('textbox', { name: 'Строки из таблицы' })
    .fill(`Код ТН ВЭД\tОписание\tСтоимость\tВес нетто\n${lines.join('\n')}`);
  await dialog.getByRole('button', { name: 'Добавить 999 строк' }).click();
  await expect(dialog).toBeHidden();
  const total = page.getByLabel('Итого по товарам').first();
  await expect(total).toContainText(/100.149,75/);
  // Only the lines in sight are on the page.
  expect(await page.locator('.goods-row').count()).toBeLessThan(100);

  await page.getByRole('button', { name: 'Товар 2: открыть' }).click();
  const line = page.getByRole('region', { name: 'Товар 2' });
  await line.getByRole('textbox', { name: 'Стоимость товара' }).fill('200,25');
  await expect(total).toContainText(/100.249,75/);
  await page.getByRole('button', { name: 'Товар 2: выше' }).click();
  await page.getByRole('button', { name: 'Товар 3: удалить' }).click();
  await expect(total).toContainText(/100.149,50/);
  await editor.saved();
  await audit();
  await page.reload();
  await hydrated(page);
  await editor.go('Товары');
  await expect(total).toContainText(/100.149,50/);
  await expect(page.locator('.goods-row').first()).toContainText('НОУТБУК 2');
});

test('a CSV file comes in with its columns matched by hand', async ({ page, signIn, audit }) => {
  await signIn('director');
  const editor = await goods(page);
  await page.getByRole('button', { name: IMPORT }).click();
  const dialog = page.getByRole('dialog', { name: 'Товары из таблицы' });
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'товары.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('A;B;C\n8517130000;"Смартфон; чёрный";2000\n8471300000;Ноутбук;1000,5\n', 'utf8'),
  });
  await dialog.getByRole('checkbox', { name: 'Первая строка — названия столбцов' }).check();
  await dialog.getByRole('combobox', { name: 'Столбец 1' }).selectOption('Графа 11. Код товара');
  await dialog.getByRole('combobox', { name: 'Столбец 2' }).selectOption('Графа 12. Описание товара');
  await dialog.getByRole('combobox', { name: 'Столбец 3' }).selectOption('Графа 13. Стоимость товара');
  await audit();
  await dialog.getByRole('button', { name: 'Добавить 2 строки' }).click();
  await expect(page.locator('.goods-row').first()).toContainText('Смартфон; чёрный');
  await expect(page.getByLabel('Итого по товарам').first()).toContainText(/3.000,50/);
  await editor.saved();
});

test('a file that is no table is refused in words, and nothing is lost @desktop', async ({ page, signIn, complaints }) => {
  complaints.expect(/status of 4\d\d/);
  await signIn('director');
  await goods(page);
  await page.getByRole('button', { name: 'Добавить товар' }).click();
  await page.getByRole('button', { name: IMPORT }).click();
  const dialog = page.getByRole('dialog', { name: 'Товары из таблицы' });
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'книга.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: Buffer.from('PK\u0003\u0004, а дальше не книга'),
  });
  await expect(dialog.getByRole('alert')).toContainText('файл повреждён или это не книга Excel');
  await dialog.getByRole('button', { name: 'Отмена' }).click();
  await expect(page.locator('.goods-row')).toHaveCount(1);
});

test('a commodity is found by words, under its headings', async ({ page, signIn }) => {
  await signIn('director');
  const editor = await goods(page);
  await page.getByRole('button', { name: 'Добавить товар' }).click();
  const code = page.getByRole('region', { name: 'Товар 1' }).getByRole('combobox', { name: 'Код товара по ТН ВЭД' });
  await code.fill('ноутбуки');
  const option = page.getByRole('option').filter({ hasText: /^8471300000/ });
  await expect(option).toContainText('›');
  await option.click();
  await expect(code).toHaveValue('8471300000');
  await editor.saved();
});

test('a partner has the identifiers of his own country @desktop', async ({ page, signIn }) => {
  await signIn('director');
  const editor = await Editor.create(page);
  await editor.go('Стороны');
  const party = editor.party('Покупатель');
  const country = party.getByRole('combobox', { name: 'Страна', exact: true });
  for (const [code, name, right, wrong] of [
    ['BY', 'УНП', '999999905', '999999904'],
    ['AM', 'УНН', '00123456', '123'],
    ['KG', 'ИНН', '01234567890123', '0123'],
    ['KZ', 'БИН', '010140001230', '010140001231'],
  ] as const) {
    await pick(country, code);
    const field = party.getByRole('textbox', { name, exact: true });
    await field.fill(wrong);
    await field.blur();
    await expect(field, `${code}: ${wrong}`).toHaveAttribute('aria-invalid', 'true');
    await field.fill(right);
    await field.blur();
    await expect(field, `${code}: ${right}`).not.toHaveAttribute('aria-invalid', 'true');
  }
});
