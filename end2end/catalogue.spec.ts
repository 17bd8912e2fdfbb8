// «Все сервисы»: finding a service as one types, marking it, and the way into it.

import type { Page } from '@playwright/test';
import { signIn } from './support/pages.ts';
import { expect, test } from './support/test.ts';

const STATFORMS = 'Статформы. С электронной подписью';

const search = (page: Page) => page.getByRole('searchbox', { name: 'Найти сервис' });
const service = (page: Page, name: string) =>
  page.getByRole('main').getByRole('heading', { level: 3 }).getByRole('link', { name, exact: true });

test('word forms are found while one types', async ({ page, signIn, gotoHydrated, audit }) => {
  await signIn('director');
  await gotoHydrated('/services');
  await expect(page.getByRole('heading', { level: 2, name: 'Статистика' })).toBeVisible();
  await audit();
  await search(page).fill('декларации');
  await expect(service(page, 'Декларация на товары')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: /^Найдено: / })).toBeVisible();
  await expect(service(page, STATFORMS)).toHaveCount(0);
  await audit();
  await search(page).fill('абракадабра');
  await expect(page.getByText('Ничего не найдено')).toBeVisible();
  await search(page).fill('');
  await expect(service(page, STATFORMS).first()).toBeVisible();
});

test('a service is found, opened and begun from the keyboard @desktop', async ({ page, signIn, gotoHydrated }) => {
  await signIn('director');
  await gotoHydrated('/services');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'К содержанию' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(search(page)).toBeFocused();
  await page.keyboard.type('самозанятых');
  await expect(service(page, 'Статистические формы для самозанятых физических лиц')).toBeVisible();
  await search(page).fill('статформы с подписью');
  await expect(service(page, STATFORMS)).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(service(page, STATFORMS)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: STATFORMS })).toBeVisible();
  await page.getByRole('button', { name: 'Начать работу' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/statforms$/);
});

test('a star set in the list shines everywhere and goes out again', async ({ page, signIn, gotoHydrated }) => {
  await signIn('soleTrader');
  await gotoHydrated('/services');
  const star = page.getByRole('button', { name: `Добавить в избранное: ${STATFORMS}` });
  await star.click();
  const favourites = page.getByRole('region', { name: 'Избранное' });
  await expect(favourites.getByRole('link', { name: STATFORMS })).toBeVisible();

  await service(page, STATFORMS).first().click();
  await expect(page.getByRole('heading', { level: 1, name: STATFORMS })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Убрать из избранного' })).toBeVisible();
  await gotoHydrated('/');
  await expect(favourites.getByRole('link', { name: STATFORMS })).toBeVisible();
  await page.locator('#services-menu > summary').click();
  await page.locator('#services-menu').getByRole('link', { name: STATFORMS }).click();
  await page.getByRole('button', { name: 'Убрать из избранного' }).click();
  await expect(page.getByRole('button', { name: 'Добавить в избранное' })).toBeVisible();
  await gotoHydrated('/services');
  await expect(favourites).toHaveCount(0);
});

test('the page of a service leads into it and is then among the recent ones', async ({ page, signIn, gotoHydrated, audit }) => {
  await signIn('selfEmployed');
  const name = 'Статистические формы для самозанятых физических лиц';
  await gotoHydrated('/services/statforms-self-employed');
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByText('не прикреплена электронная подпись')).toBeVisible();
  await expect(page.getByText('1006124E')).toBeVisible();
  await audit();
  await page.getByRole('button', { name: 'Начать работу' }).click();
  await expect(page).toHaveURL(/\/statforms$/);
  await gotoHydrated('/');
  await expect(page.getByRole('region', { name: 'Недавние' }).getByRole('link', { name })).toBeVisible();
});

test('a service that is not for the reader says for whom it is', async ({ page, signIn, gotoHydrated, audit }) => {
  await signIn('person');
  await gotoHydrated('/services/statforms');
  await expect(page.getByText('Сервис предназначен для: юридических лиц')).toBeVisible();
  await expect(page.getByRole('link', { name: /смените способ входа/ })).toHaveAttribute('href', '/sign-in/role');
  await expect(page.getByRole('button', { name: 'Начать работу' })).toHaveCount(0);
  await audit();
});

test('a service that is still to come says so and leads nowhere broken', async ({ page, signIn, gotoHydrated, audit }) => {
  await signIn('director');
  await gotoHydrated('/services/declarations');
  await expect(page.getByText('Сервис ещё не открыт в этом кабинете.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Начать работу' })).toHaveCount(0);
  await audit();
});

test('an employee without rights is told what he may do', async ({ page, signIn, gotoHydrated }) => {
  await signIn('trainee');
  await gotoHydrated('/services/statforms');
  await expect(page.getByText('Документы можно только смотреть.')).toBeVisible();
});

test('the catalogue is read, searched and used without scripts @nojs', async ({ page }) => {
  await signIn(page, 'director');
  await page.goto('/services');
  await expect(service(page, STATFORMS).first()).toBeVisible();
  await search(page).fill('декларации');
  await page.getByRole('button', { name: 'Найти' }).click();
  await expect(page).toHaveURL(/q=/);
  await expect(service(page, 'Декларация на товары')).toBeVisible();
  await expect(service(page, STATFORMS)).toHaveCount(0);
  await page.goto('/services/statforms');
  await page.getByRole('button', { name: 'Добавить в избранное' }).click();
  await page.goto('/services');
  await expect(page.getByRole('region', { name: 'Избранное' }).getByRole('link', { name: STATFORMS })).toBeVisible();
  await page.goto('/services/statforms');
  await page.getByRole('button', { name: 'Начать работу' }).click();
  await expect(page).toHaveURL(/\/statforms$/);
  await hydratedNever(page);
});

/** The page lives without its client. */
async function hydratedNever(page: Page): Promise<void> {
  await expect(page.locator('html[data-hydrated]')).toHaveCount(0);
}
