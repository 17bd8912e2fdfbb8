// Signing in through Gosuslugi: who gets in and who does not, on whose behalf, and the way out.

import type { Page } from '@playwright/test';
import { choosePerson, hydrated } from './support/pages.ts';
import { PERSONS, type PersonKey } from './support/sandbox.ts';
import { expect, test } from './support/test.ts';

const READY = (Object.keys(PERSONS) as PersonKey[]).filter((person) => person !== 'unconfirmed');

/** Opens the sign-in page of Gosuslugi. */
async function toEsia(page: Page): Promise<void> {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Войти через Госуслуги' }).click();
  await expect(page.getByRole('heading', { name: 'Войти как' })).toBeVisible();
}

/** The sign-in page says why, what to do, and by which number support finds the case. */
async function refused(page: Page, why: string, remedy: RegExp): Promise<void> {
  await page.waitForURL(/\/sign-in\?refused=/);
  const alert = page.getByRole('main').locator('.alert').filter({ hasText: why });
  await expect(alert).toBeVisible();
  await expect(alert).toContainText(remedy);
  await expect(alert).toContainText('Номер запроса:');
  await expect(page.getByRole('link', { name: 'Войти через Госуслуги' })).toBeVisible();
}

async function chooseInMenu(page: Page, name: string): Promise<void> {
  await page.locator('#person-menu > summary').click();
  await page.locator('#person-menu').getByText(name, { exact: true }).click();
}

for (const person of READY) {
  const { surname, cabinet } = PERSONS[person];
  test(`${surname} signs in and sees the home page of a cabinet @desktop`, async ({ page, signIn }) => {
    await signIn(person);
    await expect(page).toHaveURL(/\/$/);
    await hydrated(page);
    await expect(page.getByRole('heading', { level: 1, name: 'Главная' })).toBeVisible();
    const header = page.getByRole('banner');
    await expect(header.getByRole('link', { name: new RegExp(cabinet, 'i') })).toBeVisible();
  });
}

test('a person who refuses at Gosuslugi is told what it is for', async ({ page, audit }) => {
  await toEsia(page);
  await page.getByRole('button', { name: 'Отказаться' }).click();
  await refused(page, 'Вы отказались передать данные с Госуслуг', /разрешите доступ/);
  await hydrated(page);
  await audit();
});

test('an unconfirmed account is told how to confirm it', async ({ page }) => {
  await toEsia(page);
  await choosePerson(page, 'unconfirmed');
  await refused(page, 'Учётная запись Госуслуг не подтверждена', /банк/);
});

test('a sign-in that took too long is begun anew @desktop', async ({ page, sandbox }) => {
  await sandbox.post('esia/next', { expire_code: true });
  await toEsia(page);
  await choosePerson(page, 'director');
  await refused(page, 'Вход занял слишком много времени', /Начните вход заново/);
});

test('a sign-in that ESIA does not finish is tried again later @desktop', async ({ page, sandbox }) => {
  await toEsia(page);
  await sandbox.post('esia/next', { down: true });
  try {
    await choosePerson(page, 'director');
    await refused(page, 'Госуслуги сейчас не отвечают', /войдите снова/);
  } finally {
    await sandbox.post('esia/next', { down: false });
  }
});

test('an answer of ESIA counts once and only in the browser that asked @desktop', async ({ page, browser, baseURL }) => {
  await toEsia(page);
  const answer = page.waitForRequest((request) => request.url().includes('/sign-in/esia/return?'));
  await choosePerson(page, 'person');
  const url = (await answer).url();
  await page.waitForURL((address) => address.pathname === '/');
  await page.goto(url);
  await refused(page, 'Этот вход начат не в этом браузере', /cookie/);
  const stranger = await browser.newContext({ baseURL: baseURL ?? '' });
  const other = await stranger.newPage();
  await other.goto(url);
  await refused(other, 'Этот вход начат не в этом браузере', /cookie/);
  await stranger.close();
});

test('the cabinet is chosen after signing in and switched without signing out', async ({ page, signIn, audit }) => {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Войти через Госуслуги' }).click();
  await choosePerson(page, 'director');
  await page.waitForURL('**/sign-in/role');
  await hydrated(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Выбор способа входа' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(3);
  await audit();
  await page.getByRole('button', { name: 'Лютик' }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: /Лютик/i })).toBeVisible();

  await hydrated(page);
  await chooseInMenu(page, 'Выбор способа входа');
  await expect(page.getByRole('button', { name: 'Лютик' })).toHaveAttribute('aria-current', 'true');
  await page.getByRole('button', { name: 'Ромашка' }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: /Ромашка/i })).toBeVisible();
  await signIn('soleTrader');
  await expect(page.getByRole('banner').getByRole('link', { name: /Кленов/i })).toBeVisible();
});

test('signing in leads back to the page that was wanted @desktop', async ({ page }) => {
  await page.goto('/statforms?state=draft');
  await expect(page).toHaveURL(/\/sign-in\?return=/);
  await page.getByRole('link', { name: 'Войти через Госуслуги' }).click();
  await choosePerson(page, 'director');
  await page.getByRole('button', { name: 'Ромашка' }).click();
  await expect(page).toHaveURL(/\/statforms\?state=draft$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Статформы' })).toBeVisible();
});

test('after signing out nothing is open @desktop', async ({ page, signIn }) => {
  await signIn('director');
  await hydrated(page);
  await chooseInMenu(page, 'Выход');
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole('link', { name: 'Войти через Госуслуги' })).toBeVisible();
  await page.goto('/statforms');
  await expect(page).toHaveURL(/\/sign-in\?return=/);
});

test('sessions on other devices are listed and ended', async ({ page, gotoHydrated, signIn, another }) => {
  await signIn('trainee');
  await gotoHydrated('/profile');
  const sessions = page.getByRole('region', { name: 'Сеансы' });
  const rows = sessions.getByRole('row').filter({ hasText: '127.0.0.1' });
  await expect(rows.first()).toBeVisible();
  const endAll = sessions.getByRole('button', { name: 'Завершить все другие сеансы' });
  if (await endAll.isVisible()) await endAll.click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Этот сеанс');

  const { page: elsewhere } = await another('trainee');
  // The server pushes it to the page that is open.
  await expect(page.getByRole('status').filter({ hasText: 'Новое уведомление. Вход с другого устройства' })).toBeAttached();
  await gotoHydrated('/profile');
  await expect(rows).toHaveCount(2);
  await sessions.getByRole('button', { name: /^Завершить сеанс: / }).click();
  await expect(rows).toHaveCount(1);
  await elsewhere.goto('/profile');
  await expect(elsewhere).toHaveURL(/\/sign-in/);
});

test('language and colours are kept in the profile @desktop', async ({ page, signIn, gotoHydrated }) => {
  await signIn('selfEmployed');
  await gotoHydrated('/profile');
  await page.getByRole('radio', { name: 'English' }).check();
  await page.getByRole('radio', { name: 'Тёмное' }).check();
  await page.getByRole('button', { name: 'Сохранить настройки' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Profile' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await hydrated(page);
  await page.getByRole('radio', { name: 'Русский' }).check();
  await page.getByRole('radio', { name: 'As on the device' }).check();
  await page.getByRole('button', { name: 'Save preferences' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Профиль' })).toBeVisible();
});

test('a reader who is not signed in chooses the language too @nojs', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('link', { name: 'Sign in with Gosuslugi' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test('signing in, choosing a cabinet and signing out need no scripts @nojs', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Войти через Госуслуги' }).click();
  await choosePerson(page, 'director');
  await expect(page.getByRole('heading', { level: 1, name: 'Выбор способа входа' })).toBeVisible();
  await page.getByRole('button', { name: 'Ромашка' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Главная' })).toBeVisible();
  await chooseInMenu(page, 'Выход');
  await expect(page.getByRole('link', { name: 'Войти через Госуслуги' })).toBeVisible();
});

test('a refusal is said without scripts @nojs', async ({ page }) => {
  await toEsia(page);
  await choosePerson(page, 'unconfirmed');
  await refused(page, 'Учётная запись Госуслуг не подтверждена', /банк/);
});
