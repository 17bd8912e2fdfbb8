// What the form has beside its twenty graphs, and what is typed beside the form.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import {
  download,
  Editor,
  find,
  inspect,
  makeSignature,
  pick,
  registered,
  row,
  sentForm,
  sign,
  someBuyer,
} from './support/statform.ts';
import { hydrated } from './support/pages.ts';
import { expect, test } from './support/test.ts';

test.beforeEach(() => {
  test.setTimeout(240_000);
});

const others = (page: Page): Locator => page.getByRole('region', { name: 'Прочие сведения', exact: true });

test('traceable goods ask for their quantity, and the form goes through', async ({ page, signIn, audit }) => {
  const buyer = someBuyer();
  await signIn('director');
  await makeSignature(page);
  const editor = await Editor.create(page);
  await editor.fill(buyer);
  await editor.go('Товары');
  const line = page.getByRole('region', { name: 'Товар 1' });
  await expect(line.getByRole('textbox', { name: 'Количество прослеживаемого товара' })).toHaveCount(0);
  await line.getByRole('checkbox', { name: /^08/ }).check();
  await editor.go('Проверка и отправка');
  await page.getByRole('region', { name: 'Отправка', exact: true })
    .getByRole('button', { name: 'Подписать и отправить' })
    .click();
  const summary = page.getByRole('group', { name: /^В форме 1.ошибка/ });
  await summary.getByRole('link').first().click();
  const quantity = line.getByRole('textbox', { name: 'Количество прослеживаемого товара' });
  await expect(quantity).toBeFocused();
  await audit();
  await quantity.fill('1');
  await pick(line.getByRole('combobox', { name: 'Единица прослеживаемости' }), '796');
  await editor.saved();
  await editor.send();
  await registered(page);
});

test('a copied line takes everything along, and a line goes to any place', async ({ page, signIn }) => {
  await signIn('director');
  const editor = await Editor.create(page);
  await editor.fillGoods('100');
  const first = page.getByRole('region', { name: 'Товар 1' });
  await first.getByRole('checkbox', { name: /^01/ }).check();
  await first.getByRole('button', { name: 'Добавить декларацию' }).click();
  await first.getByRole('textbox', { name: 'Код таможни' }).fill('10005030');
  await page.getByRole('button', { name: 'Товар 1: копировать' }).click();
  const second = page.getByRole('region', { name: 'Товар 2' });
  await expect(second.getByRole('checkbox', { name: /^01/ })).toBeChecked();
  await expect(second.getByRole('textbox', { name: 'Код таможни' })).toHaveValue('10005030');
  await expect(second.getByRole('textbox', { name: 'Описание товара' })).toHaveValue('НОУТБУК ПОРТАТИВНЫЙ');
  await second.getByRole('textbox', { name: 'Описание товара' }).fill('ВТОРОЙ');
  await second.getByRole('textbox', { name: /^Переместить на №/ }).fill('1');
  await second.getByRole('button', { name: 'Переместить', exact: true }).click();
  await expect(page.locator('.goods-row').first()).toContainText('ВТОРОЙ');
  await editor.saved();
  await page.reload();
  await hydrated(page);
  await editor.go('Товары');
  await expect(page.locator('.goods-row').first()).toContainText('ВТОРОЙ');
});

test('what a file brings without a control is shown, mended and deleted', async ({ page, signIn, gotoHydrated, audit }) => {
  const buyer = someBuyer();
  await signIn('director');
  const editor = await Editor.create(page);
  await editor.fill(buyer);
  const file = await download(page, page.getByRole('link', { name: 'XML', exact: true }));
  const xml = file.bytes
    .toString('utf8')
    .replace(/(\n *)(<(\w+:)DocumentID>[^<]*<\/\3DocumentID>)/, '$1$2$1<$3MCD_ID>11111111-2222-3333-4444-555555555555</$3MCD_ID>')
    .replace(/(<(\w+:)OrganizationName>[^<]*ПОКУПАТЕЛЬ[^<]*<\/\2OrganizationName>)/, '$1<$2ShortName>ПОКУПАТЕЛЬ</$2ShortName>');
  expect(xml).toContain('MCD_ID');
  expect(xml).toContain('ShortName');
  await gotoHydrated('/statforms/new?upload=1');
  await page.getByLabel('Файл XML статистической формы').setInputFiles({
    name: 'из другой программы.xml',
    mimeType: 'application/xml',
    buffer: Buffer.from(xml),
  });
  await page.getByRole('link', { name: 'Открыть черновик' }).click();
  const uploaded = await Editor.opened(page);
  await uploaded.go('Прочие сведения');
  const section = others(page);
  await expect(section.getByRole('textbox', { name: /Краткое наименование/ })).toHaveValue('ПОКУПАТЕЛЬ');
  // The power of attorney without its owner is an error, and both fields are here.
  const owner = section.getByRole('textbox', { name: /ИНН доверителя/ });
  await expect(owner).toHaveAttribute('aria-invalid', 'true');
  await audit();
  await owner.fill('7707083893');
  await expect(owner).not.toHaveAttribute('aria-invalid', 'true');
  await owner.fill('');
  await expect(owner).toBeVisible();
  await section.getByRole('button', { name: /^Удалить: Номер машиночитаемой доверенности/ }).click();
  await expect(section.getByRole('textbox', { name: /Номер машиночитаемой доверенности/ })).toHaveCount(0);
  await uploaded.saved();
  await page.reload();
  await hydrated(page);
  await uploaded.go('Прочие сведения');
  await expect(section.getByRole('textbox', { name: /Краткое наименование/ })).toHaveValue('ПОКУПАТЕЛЬ');
  await expect(section.getByRole('textbox', { name: /доверен|доверит/i })).toHaveCount(0);
});

test('what the format knows may be added', async ({ page, signIn, audit }) => {
  await signIn('director');
  const editor = await Editor.create(page);
  await editor.go('Прочие сведения');
  const section = others(page);
  await section.getByRole('button', { name: 'Добавить другие сведения' }).click();
  await section
    .getByRole('combobox', { name: 'Какие сведения добавить' })
    .selectOption({ label: 'Покупатель: Документ, удостоверяющий личность' });
  await audit();
  await section.getByRole('button', { name: 'Добавить', exact: true }).click();
  const card = section.getByRole('group', { name: 'Покупатель: Документ, удостоверяющий личность' });
  await expect(card).toBeFocused();
  await card.getByRole('textbox', { name: 'Номер', exact: true }).fill('123456');
  await editor.saved();
  await audit();
  await page.reload();
  await hydrated(page);
  await editor.go('Прочие сведения');
  await expect(card.getByRole('textbox', { name: 'Номер', exact: true })).toHaveValue('123456');
  await card.getByRole('button', { name: /^Удалить/ }).last().click();
  await expect(card).toHaveCount(0);
  await editor.saved();
});

test('what is signed is shown, and the file has the bytes of the hash', async ({ page, signIn, audit }) => {
  const buyer = someBuyer();
  await signIn('director');
  await makeSignature(page);
  const editor = await Editor.create(page);
  await editor.fill(buyer);
  await editor.go('Проверка и отправка');
  await page.getByRole('region', { name: 'Отправка', exact: true })
    .getByRole('button', { name: 'Подписать и отправить' })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Подписание и отправка' });
  const content = dialog.getByRole('region', { name: 'Содержание документа' });
  await expect(content).toContainText(buyer);
  await expect(content).toContainText('НОУТБУК ПОРТАТИВНЫЙ');
  await audit();
  const hash = await dialog.getByText(/^[0-9a-f]{64}$/).first().innerText();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('link', { name: 'Скачать XML' }).click(),
  ]);
  const bytes = await readFile(await file.path());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash);
});

test('an answer to customs survives a reload, and the list tells that it was sent @desktop', async ({ page, signIn, sandbox }) => {
  const buyer = someBuyer();
  await signIn('director');
  await makeSignature(page);
  const { number } = await sentForm(page, buyer);
  await inspect(sandbox, number, 'explain', { text: 'Поясните цену.', days: 5 });
  const answer = page.getByRole('textbox', { name: 'Пояснения для таможни' });
  await answer.fill('Цена по договору');
  await expect(page.getByText('Сохранено на этом устройстве')).toBeVisible();
  await page.reload();
  await hydrated(page);
  await expect(answer).toHaveValue('Цена по договору');
  await page.getByRole('button', { name: 'Подписать и отправить ответ' }).click();
  await expect(page.getByRole('region', { name: 'Содержание документа' })).toContainText('Цена по договору');
  await sandbox.post('eais/mode', { down: true });
  try {
    await sign(page);
    await expect(page.getByText('Пояснения отправлены').first()).toBeVisible();
    await find(page, buyer);
    await expect(row(page, buyer)).toContainText('Ответ отправлен');
  } finally {
    await sandbox.post('eais/mode', { down: false });
  }
});

test('a rate typed by hand says so and stays @desktop', async ({ page, signIn }) => {
  await signIn('director');
  const editor = await Editor.create(page);
  await editor.go('Товары');
  const summary = page.getByText('Курсы валют и статистическая стоимость');
  await summary.click();
  const usd = page.getByRole('textbox', { name: 'Рублей за 1 USD' });
  await expect(usd).not.toHaveValue('');
  const table = await usd.inputValue();
  await usd.fill('81,5');
  await usd.blur();
  await expect(page.getByText(/USD: введён вручную \(по справочнику/)).toBeVisible();
  await page.reload();
  await hydrated(page);
  await editor.go('Товары');
  await summary.click();
  await expect(usd).toHaveValue('81,5');
  await page.getByRole('button', { name: 'Вернуть курсы справочника' }).click();
  await expect(usd).toHaveValue(table);
});

test('a list of fifty rows stays one of fifty rows @desktop', async ({ page, signIn, gotoHydrated }) => {
  await signIn('director');
  await Editor.create(page);
  await gotoHydrated('/statforms');
  await page.getByRole('combobox', { name: 'Строк на странице' }).selectOption('50');
  await page.getByRole('button', { name: 'Показать' }).click();
  await expect(page).toHaveURL(/size=50/);
  await expect(page.getByRole('combobox', { name: 'Строк на странице' })).toHaveValue('50');
});

test('a conflict says who wrote each value @desktop', async ({ page, signIn, complaints, another }) => {
  complaints.expect(/net::ERR_|Failed to fetch|network error/i);
  const [first, second] = [someBuyer(), someBuyer()];
  await signIn('director');
  const director = await Editor.create(page);
  await director.go('Стороны');
  const { page: desk, context } = await another('employee');
  const employee = await Editor.goto(desk, director.path);
  await employee.go('Стороны');
  await context.setOffline(true);
  await employee.buyer.fill(second);
  await director.buyer.fill(first);
  await director.saved();
  await context.setOffline(false);
  const values = page.locator('.conflict-value');
  await expect(values).toHaveCount(2);
  await expect(values.filter({ hasText: first })).toContainText('вы, на этой странице');
  await expect(values.filter({ hasText: second })).toContainText(/[А-ЯЁ][а-яё]+ .*\d\d:\d\d/);
});
