// Forms that come from elsewhere and go elsewhere: files, copies, versions, print.

import {
  download,
  Editor,
  find,
  makeSignature,
  row,
  sentForm,
  someBuyer,
} from './support/statform.ts';
import { expect, test } from './support/test.ts';

test.beforeEach(() => {
  test.setTimeout(180_000);
});

test('XML goes out and comes back, also in another edition', async ({ page, signIn, gotoHydrated, complaints, audit }) => {
  complaints.expect(/status of 422/);
  const buyer = someBuyer();
  await signIn('director');
  const editor = await Editor.create(page);
  await editor.go('Стороны');
  await editor.buyer.fill(buyer);
  await editor.saved();
  const file = await download(page, page.getByRole('link', { name: 'XML', exact: true }));
  expect(file.name).toMatch(/\.xml$/);
  const xml = file.bytes.toString('utf8');
  const name = /ПОКУПАТЕЛЬ [0-9A-F]{8}/;
  expect(xml.match(name)?.[0]).toBe(buyer.match(name)?.[0]);
  expect(xml).toContain('DocumentModeID="1006124E"');

  await gotoHydrated('/statforms/new?upload=1');
  const field = page.getByLabel('Файл XML статистической формы');
  const upload = async (name: string, text: string): Promise<void> => {
    await field.setInputFiles({ name, mimeType: 'application/xml', buffer: Buffer.from(text) });
  };
  await upload('обрывок.xml', xml.slice(0, 300));
  await expect(page.getByText('Файл не читается как документ')).toBeVisible();
  await audit();

  const other = someBuyer();
  const foreign = xml
    .replace(name, other.match(name)?.[0] ?? '')
    .replaceAll('StaticForm:5.23.0', 'StaticForm:5.21.0');
  await upload('из другой программы.xml', foreign);
  await expect(page.getByText('Файл загружен, форма стала черновиком')).toBeVisible();
  await expect(page.getByText('Форма была в редакции 5.21.0')).toBeVisible();
  await expect(page.getByText(/^Замечания: \d+.ошиб/)).toBeVisible();
  await audit();
  await page.getByRole('link', { name: 'Открыть черновик' }).click();
  const uploaded = await Editor.opened(page);
  await uploaded.go('Стороны');
  await expect(uploaded.buyer).toHaveValue(other);
});

test('a form is copied, printed and taken as PDF', async ({ page, signIn, audit }) => {
  const buyer = someBuyer();
  await signIn('director');
  await makeSignature(page);
  const { url, number } = await sentForm(page, buyer);
  const pdf = await download(page, page.getByRole('link', { name: 'Скачать PDF' }));
  expect(pdf.name).toMatch(/\.pdf$/);
  expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  const xml = await download(page, page.getByRole('link', { name: 'Скачать XML' }));
  expect(xml.bytes.toString('utf8')).toContain('НОУТБУК ПОРТАТИВНЫЙ');

  await page.getByRole('link', { name: 'Печатная форма' }).click();
  await expect(page).toHaveURL(/\/print$/);
  await expect(page.getByRole('article')).toContainText(number);
  await expect(page.getByRole('article')).toContainText('Документ подписан электронной подписью');
  await audit();
  await page.getByRole('link', { name: 'К форме' }).click();
  await expect(page).toHaveURL(url);

  await page.getByRole('button', { name: 'Копировать' }).click();
  await expect(page).not.toHaveURL(url);
  const copy = await Editor.opened(page);
  await copy.go('Стороны');
  await expect(copy.buyer).toHaveValue(buyer);
});

test('versions are kept, compared and restored', async ({ page, signIn, gotoHydrated, audit }) => {
  const [first, second] = [someBuyer(), someBuyer()];
  await signIn('director');
  const editor = await Editor.create(page);
  const { path } = editor;
  const save = page.getByRole('button', { name: 'Сохранить', exact: true });
  for (const buyer of [first, second]) {
    await editor.go('Стороны');
    await editor.buyer.fill(buyer);
    // A checkpoint travels with the batch that carries the changes, or right after it.
    const kept = page.waitForResponse(
      (response) =>
        response.url().endsWith('/api/document/patch') &&
        (response.request().postData() ?? '').includes('"pause":true'),
    );
    await save.click();
    await kept;
    await editor.saved();
  }

  await page.getByRole('link', { name: 'История версий' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'История версий' })).toBeVisible();
  const pauses = page.getByRole('row').filter({ hasText: 'Пауза в работе' });
  await expect(pauses).toHaveCount(2);
  await expect(pauses.first()).toContainText('Берёзкина');
  await audit();
  await pauses.last().getByRole('radio', { name: /^Было/ }).check();
  await pauses.first().getByRole('radio', { name: /^Стало/ }).check();
  await page.getByRole('button', { name: 'Сравнить выбранные' }).click();
  const difference = page.getByRole('table', { name: /^Отличия/ });
  await expect(difference.getByRole('row').filter({ hasText: first })).toContainText(second);
  await audit();
  await pauses.last().getByRole('button', { name: /^Восстановить/ }).click();
  const restored = await Editor.opened(page);
  await restored.go('Стороны');
  await expect(restored.buyer).toHaveValue(first);
  await gotoHydrated(`${path}/history`);
  await expect(page.getByRole('row').filter({ hasText: 'Восстановление' })).toBeVisible();
});

test('the list is searched, narrowed, exported', async ({ page, signIn, audit }) => {
  const buyer = someBuyer();
  await signIn('soleTrader');
  const editor = await Editor.create(page);
  await editor.go('Стороны');
  await editor.buyer.fill(buyer);
  await editor.saved();
  await find(page, buyer);
  await expect(row(page, buyer)).toContainText('Черновик');
  const csv = await download(page, page.getByRole('link', { name: 'Выгрузить CSV' }));
  expect(csv.bytes.toString('utf8')).toContain('ПОКУПАТЕЛЬ');
  const xlsx = await download(page, page.getByRole('link', { name: 'Выгрузить XLSX' }));
  expect(xlsx.bytes.subarray(0, 2).toString()).toBe('PK');
  await page.getByRole('combobox', { name: 'Состояние' }).selectOption('registered');
  await page.getByRole('button', { name: 'Показать' }).click();
  await expect(page.getByText('Ничего не найдено')).toBeVisible();
  await audit();
  await page.getByRole('link', { name: 'Сбросить' }).click();
  const found = row(page, buyer);
  await expect(found).toBeVisible();
  await found.locator('summary').first().click();
  await found.getByText('Удалить черновик').click();
  await found.getByRole('button', { name: 'Удалить' }).click();
  await expect(found).toBeHidden();
  await expect(page.getByText('Черновик удалён')).toBeVisible();
});

test('lines are pasted from a spreadsheet, moved, copied and summed', async ({ page, signIn, audit }) => {
  await signIn('director');
  const editor = await Editor.create(page);
  await editor.go('Товары');
  await page.getByRole('button', { name: 'Вставить из таблицы или файла' }).click();
  const dialog = page.getByRole('dialog', { name: 'Товары из таблицы' });
  await dialog
    .getByRole('textbox', { name: 'Строки из таблицы' })
    .fill('Код ТН ВЭД\tОписание\tСтоимость\tВес нетто\n8471300000\tНоутбук\t1000,50\t2\n8517130000\tСмартфон\t2000\t0,3\n');
  await audit();
  await dialog.getByRole('button', { name: 'Добавить 2 строки' }).click();
  await expect(dialog).toBeHidden();
  const rows = page.locator('.goods-row');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('Ноутбук');
  await page.getByRole('button', { name: 'Товар 1: ниже' }).click();
  await expect(rows.first()).toContainText('Смартфон');
  await page.getByRole('button', { name: 'Товар 1: копировать' }).click();
  await expect(rows).toHaveCount(3);
  await expect(page.getByLabel('Итого по товарам').first()).toContainText(/5.000,50/);
  await page.getByRole('button', { name: 'Товар 3: удалить' }).click();
  await expect(rows).toHaveCount(2);
  await editor.saved();
  await page.reload();
  await expect(page.locator('.goods-row')).toHaveCount(2);
});
