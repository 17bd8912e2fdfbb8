// What customs and the mail do to the cabinet, beyond the usual.

import { gotoHydrated, signIn } from './support/pages.ts';
import {
  Editor,
  find,
  inspect,
  makeSignature,
  NUMBER,
  pick,
  registered,
  row,
  sentForm,
  someBuyer,
} from './support/statform.ts';
import { expect, test } from './support/test.ts';


interface Mail {
  to: string[];
  subject: string;
}

test.beforeEach(() => {
  test.setTimeout(240_000);
});

for (const person of ['soleTrader', 'selfEmployed'] as const) {
  test(`a ${person} sends a form and gets a number @desktop`, async ({ page }) => {
    await signIn(page, person);
    await makeSignature(page);
    const { number } = await sentForm(page, someBuyer());
    expect(number).toMatch(NUMBER);
  });
}

test('a form about an import has its parties the other way round @desktop', async ({ page }) => {
  const seller = someBuyer();
  await signIn(page, 'director');
  await makeSignature(page);
  await gotoHydrated(page, '/statforms/new');
  await page.getByRole('radio', { name: /^Ввоз/ }).check();
  await page.getByRole('button', { name: 'Создать форму' }).click();
  const editor = await Editor.opened(page);
  await editor.go('Стороны');
  await expect(editor.buyer).toHaveValue('ООО "РОМАШКА-ЭКСПОРТ"');
  const party = editor.party('Продавец');
  await editor.seller.fill(seller);
  await pick(party.getByRole('combobox', { name: 'Страна', exact: true }), 'KZ');
  await party.getByRole('textbox', { name: 'БИН' }).fill('010140001230');
  await party.getByRole('textbox', { name: 'Город' }).fill('Алматы');
  await editor.go('Маршрут и условия');
  const route = page.getByRole('region', { name: 'Маршрут и условия' });
  await pick(route.getByRole('combobox', { name: 'Торгующая страна' }), 'KZ');
  await pick(route.getByRole('combobox', { name: 'Страна отправления' }), 'KZ');
  await pick(route.getByRole('combobox', { name: 'Вид транспорта на границе' }), '40');
  await route.getByRole('textbox', { name: 'Общая стоимость товаров' }).fill('150000');
  await editor.fillDocument();
  await editor.fillGoods('150000');
  await editor.fillSignatory();
  await editor.saved();
  await editor.send();
  await registered(page);
  await find(page, seller);
  await expect(row(page, seller)).toContainText('ИМ, ввоз');
});

test('a receipt that is lost and answers that come twice make one form @desktop', async ({ ownCabinet, another, request }) => {
  const cabinet = await ownCabinet();
  const { page } = await another('director', cabinet.url);
  await makeSignature(page);
  const order = await request.post(`${cabinet.sandboxUrl}/sandbox/eais/mode`, {
    data: { lose_receipts: 2, duplicate: true },
  });
  expect(order.ok()).toBe(true);
  const { url } = await sentForm(page, someBuyer());
  const messages = (await (await request.get(`${cabinet.sandboxUrl}/sandbox/eais/forms`)).json()) as unknown[];
  expect(messages).toHaveLength(1);
  await page.goto(url);
  await expect(page.getByRole('list', { name: 'События' }).getByText('Зарегистрирован')).toHaveCount(1);
});

test('a demand rings the bell at once and comes by mail', async ({
  page,
  sandbox,
  audit,
}) => {
  await signIn(page, 'director');
  await makeSignature(page);
  const mails = async (): Promise<Mail[]> => sandbox.get<Mail[]>('mail');
  const { number } = await sentForm(page, someBuyer());
  await gotoHydrated(page, '/services');
  const before = (await mails()).length;
  await inspect(sandbox, number, 'explain', { text: 'Поясните стоимость.' });
  const bell = page.locator('#bell-menu');
  await bell.locator('summary').click();
  await expect(bell.getByText(/Нужны пояснения/).first()).toBeVisible();
  await audit();
  await expect(async () => {
    expect((await mails()).slice(before).map(({ subject }) => subject).join()).toContain('Нужны пояснения');
  }).toPass();
});
