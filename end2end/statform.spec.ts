// The main job: a statistical form from the first field to customs' last word.

import { signIn } from './support/pages.ts';
import { PERSONS } from './support/sandbox.ts';
import {
  download,
  Editor,
  find,
  inspect,
  makeSignature,
  month,
  NUMBER,
  registered,
  row,
  SAVED,
  sentForm,
  sign,
  someBuyer,
} from './support/statform.ts';
import { expect, test } from './support/test.ts';

test.beforeEach(() => {
  // Filling a form is long on a busy machine.
  test.setTimeout(240_000);
});

test('from the catalogue to a registration number', async ({ page, signIn, gotoHydrated, audit }) => {
  const buyer = someBuyer();
  await signIn('director');
  await makeSignature(page);

  await gotoHydrated('/services');
  await page.getByRole('main').getByRole('link', { name: 'Статформы. С электронной подписью' }).first().click();
  await page.getByRole('button', { name: 'Начать работу' }).click();
  await expect(page).toHaveURL(/\/statforms$/);
  await page.getByRole('link', { name: 'Создать' }).click();
  await page.getByRole('textbox', { name: 'Отчётный месяц' }).fill(month());
  await page.getByRole('button', { name: 'Создать форму' }).click();
  const editor = await Editor.opened(page);
  await audit();

  // What the profile knows is there already.
  await editor.go('Стороны');
  await expect(editor.seller).toHaveValue('ООО "РОМАШКА-ЭКСПОРТ"');
  await editor.fill(buyer);
  await expect(page.getByText('Замечаний нет — форму можно отправлять')).toBeVisible();
  await audit();

  await editor.send();
  await expect(page.getByText('Форма подписана и отправлена')).toBeVisible();
  const number = await registered(page);
  await expect(page.getByRole('status').filter({ hasText: 'Зарегистрировано' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'События' })).toContainText('Подписана');
  await audit();

  await gotoHydrated('/notices');
  await expect(page.getByText(`под номером ${number}`)).toBeVisible();
  await find(page, buyer);
  await expect(row(page, buyer)).toContainText(number);
  await expect(row(page, buyer)).not.toContainText('Срок нарушен');
  await audit();
});

test('a phone goes through the form step by step @phone', async ({ page, signIn }) => {
  await signIn('director');
  const editor = await Editor.create(page);
  const next = page.getByRole('button', { name: 'Далее' });
  for (const section of ['Стороны', 'Маршрут и условия', 'Документы', 'Товары', 'Прочие сведения', 'Проверка и отправка']) {
    await expect(page.getByRole('region', { name: section })).toBeVisible();
    await expect(page.locator('.form-section:visible')).toHaveCount(1);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, section).toBe(0);
    if (section !== 'Проверка и отправка') await next.click();
  }
  await expect(next).toBeDisabled();
  await page.getByRole('button', { name: 'Назад' }).click();
  await expect(page.getByRole('region', { name: 'Прочие сведения' })).toBeVisible();
  await editor.go('Стороны');
  await expect(editor.buyer).toBeVisible();
});

test('what is missing or wrong is named and leads to its field', async ({ page, signIn, audit }) => {
  await signIn('director');
  const editor = await Editor.create(page);
  await editor.go('Стороны');
  await editor.party('Продавец').getByRole('textbox', { name: 'ИНН' }).fill('7799100018');
  const wrong = editor.party('Продавец').getByRole('textbox', { name: 'ИНН' });
  await expect(wrong).toHaveAttribute('aria-invalid', 'true');
  await editor.go('Проверка и отправка');
  await page.getByRole('region', { name: 'Отправка', exact: true })
    .getByRole('button', { name: 'Подписать и отправить' })
    .click();
  const summary = page.getByRole('group', { name: /^В форме \d+.ошиб/ });
  await expect(summary).toBeFocused();
  await audit();
  await summary.getByRole('link').first().click();
  await expect(page.locator(':focus')).toHaveAttribute('id', /^field-/);
});

test('customs asks for explanations, reads them and has no more questions', async ({ page, signIn, sandbox, audit }) => {
  const buyer = someBuyer();
  await signIn('director');
  await makeSignature(page);
  const { number } = await sentForm(page, buyer);

  // The page that is open learns of it by itself.
  await inspect(sandbox, number, 'explain', { text: 'Почему такая цена?', days: 5 });
  await expect(page.getByText(/^Нужны пояснения до .*осталось/)).toBeVisible();
  await find(page, buyer);
  await expect(row(page, buyer)).toContainText(/Нужны пояснения до .*: Почему такая цена\?/);
  await expect(row(page, buyer)).toHaveAttribute('data-tone', 'warning');
  await audit();
  await row(page, buyer).getByRole('link', { name: 'Ответить' }).click();
  await page.getByRole('textbox', { name: 'Пояснения для таможни' }).fill('Цена по договору 15/КЗ.');
  await audit();
  await page.getByRole('button', { name: 'Подписать и отправить ответ' }).click();
  await sign(page);
  await expect(page.getByText('Пояснения отправлены').first()).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Контроль завершён' })).toBeVisible({ timeout: 30_000 });
});

test('a form under control is replaced, and the old one is annulled', async ({ page, signIn, sandbox, audit }) => {
  const buyer = someBuyer();
  await signIn('director');
  await makeSignature(page);
  const old = await sentForm(page, buyer);
  await inspect(sandbox, old.number, 'control', { text: 'Исправьте вес.', days: 10 });
  await expect(page.getByText(/^На контроле, осталось \d+/)).toBeVisible();

  await find(page, buyer);
  await expect(row(page, buyer)).toContainText(/На контроле, осталось \d+.*: Исправьте вес\./);
  await expect(row(page, buyer)).toHaveAttribute('data-tone', 'danger');
  await audit();
  await row(page, buyer).getByRole('link', { name: 'Исправить' }).click();
  await page.getByRole('button', { name: 'Аннулировать и заменить' }).click();
  const editor = await Editor.opened(page);
  await expect(page.getByText(`Эта форма аннулирует и заменит форму ${old.number}`)).toBeVisible();
  await editor.go('Товары');
  await page.getByRole('button', { name: 'Товар 1: открыть' }).click();
  await page.getByRole('region', { name: 'Товар 1' }).getByRole('textbox', { name: 'Вес нетто' }).fill('3');
  await editor.saved();
  await editor.send();
  expect(await registered(page)).not.toBe(old.number);

  await Promise.all([page.waitForURL(old.url), page.goto(old.url)]);
  await expect(page.getByRole('status').filter({ hasText: 'Аннулировано' })).toBeVisible();
  await page.getByRole('link', { name: 'Заменена другой формой' }).click();
  await expect(page.locator('dt:text-is("Заменяет форму") + dd')).toHaveText(old.number);
});

test('a refused form is corrected and sent again', async ({ page, signIn, sandbox, audit }) => {
  const buyer = someBuyer();
  await signIn('director');
  await makeSignature(page);
  const editor = await Editor.create(page);
  await editor.fill(buyer);
  await sandbox.post('eais/mode', { next: 'errors' });
  await editor.send();
  await expect(page.getByText('Таможня отказала в регистрации')).toBeVisible({ timeout: 30_000 });
  const events = page.getByRole('list', { name: 'События' });
  await expect(events).toContainText('Документ отклонён по указанию');
  await expect(events).not.toContainText('<');
  await audit();
  await page.getByRole('button', { name: 'Исправить' }).click();
  await expect(editor.status).toBeVisible();
  await expect(page.getByText('Документ отклонён по указанию').first()).toBeVisible();
  await editor.go('Стороны');
  await editor.party('Покупатель').getByRole('textbox', { name: 'Улица' }).fill('Абая');
  await editor.saved();
  await editor.send();
  await registered(page);
});

test('a form filed after the tenth working day is marked @desktop', async ({ page, signIn }) => {
  const buyer = someBuyer();
  await signIn('director');
  await makeSignature(page);
  const editor = await Editor.create(page, month(2));
  await editor.fill(buyer);
  await editor.send();
  await registered(page);
  await expect(page.getByText('Срок нарушен')).toBeVisible();
  await find(page, buyer);
  await expect(row(page, buyer)).toContainText('Срок нарушен');
});

test('an employee without rights reads, and one who may not sign is told who does @desktop', async ({ page, signIn, gotoHydrated }) => {
  await signIn('director');
  const editor = await Editor.create(page);
  const { path } = editor;
  // The open form would go on asking, as nobody.
  await page.goto('about:blank');
  await page.context().clearCookies();
  await signIn('trainee', PERSONS.trainee.cabinet);
  await gotoHydrated(path);
  await editor.go('Проверка и отправка');
  await expect(page.getByText('У вас нет права подписывать.')).toBeVisible();
  await editor.go('Стороны');
  await expect(editor.buyer).not.toBeEditable();
});

test('customs that cannot be reached gets the form once, later @desktop', async ({ page, signIn, sandbox }) => {
  const buyer = someBuyer();
  await signIn('director');
  await makeSignature(page);
  const editor = await Editor.create(page);
  await editor.fill(buyer);
  await sandbox.post('eais/mode', { down: true });
  try {
    await editor.send();
    await expect(page.getByRole('status').filter({ hasText: 'Ожидает отправки' })).toBeVisible();
  } finally {
    await sandbox.post('eais/mode', { down: false });
  }
  const number = await registered(page);
  const forms = await sandbox.get<{ number: string }[]>('eais/forms');
  expect(forms.filter((form) => form.number === number)).toHaveLength(1);
});

test('a form is read and printed without scripts @nojs', async ({ page, browser, baseURL, cabinet }) => {
  // The form itself is made by a browser that has scripts.
  const writing = await browser.newContext({ baseURL: baseURL ?? cabinet.url, javaScriptEnabled: true });
  const writer = await writing.newPage();
  const buyer = someBuyer();
  await signIn(writer, 'director');
  await makeSignature(writer);
  const { url, number } = await sentForm(writer, buyer);
  await writing.close();

  await signIn(page, 'director');
  await page.goto('/statforms');
  await page.getByRole('searchbox', { name: 'Поиск' }).fill(buyer);
  await page.getByRole('button', { name: 'Показать' }).click();
  await expect(row(page, buyer)).toContainText(number);
  await page.goto(url);
  await expect(page.getByRole('definition').filter({ hasText: NUMBER }).first()).toBeVisible();
  await expect(page.getByText('НОУТБУК ПОРТАТИВНЫЙ')).toBeVisible();
  const pdf = await download(page, page.getByRole('link', { name: 'Скачать PDF' }));
  expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  await page.getByRole('link', { name: 'Печатная форма' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Статистическая форма');
  await page.goto(`${url}/history`);
  await expect(page.getByRole('heading', { level: 1, name: 'История версий' })).toBeVisible();
});

test('the status line is truthful from the first letter on @desktop', async ({ page, signIn }) => {
  await signIn('director');
  const editor = await Editor.create(page);
  await editor.go('Стороны');
  await expect(editor.status).toHaveText('Изменений нет');
  await editor.buyer.fill('тоо покупатель');
  await expect(editor.buyer).toHaveValue('ТОО ПОКУПАТЕЛЬ');
  await expect(editor.status).toHaveText(SAVED);
});
