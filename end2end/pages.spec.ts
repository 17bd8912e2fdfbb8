// Every page: usable by everybody in light and dark, without a complaint in the console, and on a
// phone not wider than the phone.

import type { Page } from '@playwright/test';
import { Editor, someBuyer } from './support/statform.ts';
import { expect, test } from './support/test.ts';

const PAGES = [
  ['/', 'Главная'],
  ['/sign-in', 'Вход в личный кабинет участника ВЭД'],
  ['/sign-in/role', 'Выбор способа входа'],
  ['/sign-in/unlocked', 'Вы снова вошли'],
  ['/services', 'Все сервисы'],
  ['/services/statforms', 'Статформы. С электронной подписью'],
  ['/profile', 'Профиль'],
  ['/company', 'ООО "РОМАШКА-ЭКСПОРТ"'],
  ['/notices', 'Уведомления'],
  ['/statforms', 'Статформы'],
  ['/statforms?tab=help', 'Статформы'],
  ['/statforms/new', 'Новая статистическая форма'],
  ['/help', 'Справка'],
] as const;

async function fits(page: Page): Promise<void> {
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide, `${page.url()} is wider than the screen`).toBe(0);
}

for (const [path, heading] of PAGES) {
  test(`the page ${path}`, async ({ page, signIn, gotoHydrated, audit }) => {
    await signIn('director');
    await gotoHydrated(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    await expect(page).toHaveTitle(/ — Личный кабинет участника ВЭД$/);
    await expect(page.getByRole('main')).toHaveCount(1);
    await fits(page);
    await audit();
  });
}

test('the pages of a form', async ({ page, signIn, gotoHydrated, audit }) => {
  test.setTimeout(180_000);
  await signIn('director');
  const editor = await Editor.create(page);
  await editor.go('Стороны');
  await editor.buyer.fill(someBuyer());
  await editor.saved();
  const { path } = editor;
  for (const address of [path, `${path}/history`, `${path}/print`, `/statforms/new?copy=${path.split('/').pop()}`]) {
    await gotoHydrated(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await fits(page);
    await audit();
  }
});

test('the menus of the header are open to everybody', async ({ page, signIn, gotoHydrated, audit }) => {
  await signIn('director');
  await gotoHydrated('/');
  for (const menu of ['#services-menu', '#bell-menu', '#help-menu', '#person-menu']) {
    await page.locator(`${menu} > summary`).click();
    await expect(page.locator(`${menu} .menu-panel`)).toBeVisible();
    await fits(page);
    await audit();
    await page.keyboard.press('Escape');
    await expect(page.locator(`${menu} .menu-panel`)).toBeHidden();
    await expect(page.locator(`${menu} > summary`)).toBeFocused();
  }
});

test('a form of another cabinet does not exist', async ({ page, signIn, gotoHydrated, complaints, audit }) => {
  complaints.expect(/status of 404/);
  await signIn('director');
  const { path } = await Editor.create(page);
  // The open form would go on asking, as nobody.
  await page.goto('about:blank');
  await page.context().clearCookies();
  await signIn('soleTrader');
  const answer = await page.goto(path);
  expect(answer?.status()).toBe(404);
  await expect(page.getByText('Такого документа нет в этом кабинете.')).toBeVisible();
  await audit();
  await gotoHydrated('/statforms');
  await expect(page.getByRole('main')).not.toContainText('РОМАШКА');
});

test('contacts are checked at their fields and kept', async ({ page, signIn, gotoHydrated, complaints, audit }) => {
  complaints.expect(/status of 422/);
  await signIn('person');
  await gotoHydrated('/profile');
  const contacts = page.getByRole('region', { name: 'Мои контакты' });
  const email = contacts.getByRole('textbox', { name: 'Электронная почта' });
  await email.fill('не почта');
  await contacts.getByRole('button', { name: 'Сохранить' }).click();
  await expect(email).toHaveAttribute('aria-invalid', 'true');
  await audit();
  await email.fill('topolev@mail.example');
  await contacts.getByRole('button', { name: 'Сохранить' }).click();
  await expect(contacts.getByText('Контакты сохранены.')).toBeVisible();
});

test("the company's data are taken from the tax register anew", async ({ page, signIn, gotoHydrated, complaints, sandbox }) => {
  complaints.expect(/status of 503/);
  await signIn('director');
  await gotoHydrated('/company');
  await page.getByRole('button', { name: 'Обновить сведения об организации' }).click();
  await expect(page.getByText('Сведения обновлены.')).toBeVisible();
  await sandbox.post('register/mode', { down: true });
  try {
    await page.getByRole('button', { name: 'Обновить сведения об организации' }).click();
    await expect(page.getByText('Реестр ФНС не отвечает.')).toBeVisible();
  } finally {
    await sandbox.post('register/mode', { down: false });
  }
});
