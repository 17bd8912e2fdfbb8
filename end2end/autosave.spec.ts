// «Ничего не потеряно»: every way in which work on a form is interrupted, one test each.

import type { Page } from '@playwright/test';
import { gotoHydrated, hydrated, signInAgain } from './support/pages.ts';
import { Editor, SAVED, someBuyer } from './support/statform.ts';
import { expect, test } from './support/test.ts';

/** What the browser itself writes about a network that is gone. */
const NO_NETWORK = /net::ERR_|Failed to fetch|network error/i;

test.beforeEach(() => {
  test.setTimeout(180_000);
});

/** A new form with the section of the parties before one's eyes. */
async function begin(page: Page): Promise<Editor> {
  const editor = await Editor.create(page);
  await editor.go('Стороны');
  return editor;
}

async function reopen(page: Page, path: string): Promise<Editor> {
  const editor = await Editor.goto(page, path);
  await editor.go('Стороны');
  return editor;
}

const city = (editor: Editor) => editor.party('Покупатель').getByRole('textbox', { name: 'Город' });

test('a reload right after the last letter @desktop', async ({ page, signIn, complaints, another }) => {
  // A request under way is cut off by the reload.
  complaints.expect(NO_NETWORK);
  const buyer = someBuyer();
  await signIn('director');
  const editor = await begin(page);
  await editor.buyer.fill(buyer);
  await page.reload();
  await hydrated(page);
  await editor.go('Стороны');
  await expect(editor.buyer).toHaveValue(buyer);
  // The page that went sent it, or the one that came did.
  await expect(editor.status).toHaveText(/^Изменений нет$|^Сохранено в/);
  const { page: elsewhere } = await another('director');
  await expect((await reopen(elsewhere, editor.path)).buyer).toHaveValue(buyer);
});

test('a crash of the tab while the server cannot be reached @desktop', async ({ page, context, signIn, complaints }) => {
  complaints.expect(NO_NETWORK);
  const buyer = someBuyer();
  await signIn('director');
  const editor = await begin(page);
  const { path } = editor;
  await context.route('**/api/document/patch', (route) => route.abort());
  await editor.buyer.fill(buyer);
  await expect(editor.status).toContainText('Изменения сохранены на этом устройстве');
  // The process of the tab dies; it has no time for anything.
  await page.goto('chrome://crash').catch(() => undefined);
  await page.close({ runBeforeUnload: false });

  const again = await reopen(await context.newPage(), path);
  await expect(again.buyer).toHaveValue(buyer);
  await context.unroute('**/api/document/patch');
  await expect(again.status).toHaveText(SAVED, { timeout: 45_000 });
});

test('a closed tab, opened again on another device @desktop', async ({ page, signIn, another }) => {
  const buyer = someBuyer();
  await signIn('director');
  const editor = await begin(page);
  const { path } = editor;
  await editor.buyer.fill(buyer);
  await expect(editor.status).toHaveText(SAVED);
  await page.close({ runBeforeUnload: false });
  const { page: elsewhere } = await another('director');
  await expect((await reopen(elsewhere, path)).buyer).toHaveValue(buyer);
});

test('a server that is killed and started again @desktop', async ({ ownCabinet, complaints, another }) => {
  complaints.expect(NO_NETWORK);
  complaints.expect(/EventSource|status of 50[234]/);
  const cabinet = await ownCabinet();
  const { page, context } = await another('director', cabinet.url);
  const [before, during] = [someBuyer(), someBuyer()];
  const editor = await begin(page);
  await editor.buyer.fill(before);
  await expect(editor.status).toHaveText(SAVED);
  await cabinet.kill();
  await editor.buyer.fill(during);
  await city(editor).fill('Алматы');
  await expect(editor.status).toHaveText(/^Сервер не отвечает\. Изменения сохранены на этом устройстве/);
  await expect(page.getByRole('status').filter({ hasText: 'Сервер не отвечает' })).toBeAttached();
  await cabinet.start();
  await expect(editor.status).toHaveText(SAVED, { timeout: 60_000 });
  await page.reload();
  await hydrated(page);
  await editor.go('Стороны');
  await expect(editor.buyer).toHaveValue(during);
  await expect(city(editor)).toHaveValue('АЛМАТЫ');
  await context.close();
});

test('work without a network, and the network back', async ({ page, context, signIn, complaints, audit, another }) => {
  complaints.expect(NO_NETWORK);
  const buyer = someBuyer();
  await signIn('director');
  const editor = await begin(page);
  await context.setOffline(true);
  await editor.buyer.fill(buyer);
  await expect(editor.status).toHaveText(/^Нет сети\. Изменения сохранены на этом устройстве/);
  await editor.go('Товары');
  await page.getByRole('button', { name: 'Добавить товар' }).click();
  await page.getByRole('region', { name: 'Товар 1' }).getByRole('textbox', { name: 'Описание товара' }).fill('Без сети');
  await audit();
  await context.setOffline(false);
  await expect(editor.status).toHaveText(SAVED);
  const { page: elsewhere } = await another('director');
  const seen = await reopen(elsewhere, editor.path);
  await expect(seen.buyer).toHaveValue(buyer);
  await seen.go('Товары');
  await expect(elsewhere.locator('.goods-row')).toContainText('Без сети');
});

test('an hour without a network, at work all the time @desktop', async ({ page, context, signIn, complaints, another }) => {
  complaints.expect(NO_NETWORK);
  const buyer = someBuyer();
  await page.clock.install();
  await signIn('director');
  const editor = await begin(page);
  await context.setOffline(true);
  for (let minutes = 0; minutes < 60; minutes += 5) {
    // Keys, as a person presses them: a field that is only filled is nobody at work.
    await city(editor).pressSequentially(`${minutes} `);
    await page.clock.fastForward('05:00');
  }
  await editor.buyer.fill(buyer);
  await expect(editor.status).toHaveText(/^Нет сети\. Изменения сохранены на этом устройстве/);
  await context.setOffline(false);
  await expect(editor.status).toHaveText(SAVED);
  const { page: elsewhere } = await another('director');
  const seen = await reopen(elsewhere, editor.path);
  await expect(seen.buyer).toHaveValue(buyer);
  await expect(city(seen)).toHaveValue(/^0 5 10 15 20 25 30 35 40 45 50 55/);
});

test('two tabs of one person see each other @desktop', async ({ page, context, signIn }) => {
  const [buyer, seller] = [someBuyer(), someBuyer()];
  await signIn('director');
  const one = await begin(page);
  const two = await reopen(await context.newPage(), one.path);
  await one.buyer.fill(buyer);
  await expect(two.buyer).toHaveValue(buyer);
  await two.seller.fill(seller);
  await expect(one.seller).toHaveValue(seller);
  await expect(one.buyer).toHaveValue(buyer);
  await expect(two.status).toHaveText(SAVED);
});

test('two tabs that could not hear each other change one field', async ({ page, context, signIn, complaints, audit }) => {
  complaints.expect(NO_NETWORK);
  // Tabs that the browser put to sleep hear nothing of each other.
  await context.addInitScript(() => {
    Reflect.deleteProperty(window, 'BroadcastChannel');
  });
  const [first, second] = [someBuyer(), someBuyer()];
  await signIn('director');
  const one = await begin(page);
  const two = await reopen(await context.newPage(), one.path);
  await context.setOffline(true);
  await one.buyer.fill(first);
  await two.buyer.fill(second);
  await city(two).fill('Астана');
  await context.setOffline(false);
  await expect(one.status).toHaveText(SAVED);
  await expect(two.status).toHaveText(SAVED);

  // Fields that only one of them changed are merged; the other one is shown, with both values.
  await expect(city(one)).toHaveValue('АСТАНА');
  for (const tab of [one.page, two.page]) {
    await expect(tab.getByText('Одно поле изменено в двух местах')).toBeVisible();
    await expect(tab.getByRole('button', { name: `Оставить «${second}»` })).toBeVisible();
  }
  await audit();
  await one.page.getByRole('button', { name: `Оставить «${first}»` }).click();
  for (const tab of [one, two]) {
    await expect(tab.page.getByText('Одно поле изменено в двух местах')).toBeHidden();
    await expect(tab.buyer).toHaveValue(first);
  }
});

test('news that overtake the answer to a change are not lost @desktop', async ({ page, signIn, another }) => {
  const [buyer, seller] = [someBuyer(), someBuyer()];
  await signIn('director');
  const director = await begin(page);
  const { page: desk } = await another('employee');
  const employee = await reopen(desk, director.path);
  let held: (() => void) | undefined;
  const holding = new Promise<void>((resolve) => {
    void page.route('**/api/document/patch', async (route) => {
      const response = await route.fetch();
      const released = new Promise<void>((release) => { held = release; });
      resolve();
      await released;
      await route.fulfill({ response });
    }, { times: 1 });
  });
  // What the server tells the page, heard beside it.
  const told = await page.evaluateHandle(async () => {
    const told = { times: 0 };
    const source = new EventSource('/api/events');
    source.addEventListener('message', () => { told.times += 1; });
    await new Promise((open) => { source.addEventListener('open', open); });
    return told;
  });
  await director.buyer.fill(buyer);
  await holding;
  await expect.poll(() => told.evaluate(({ times }) => times)).toBe(1);
  // The answer is written, and on its way; the page hears of the other change before it.
  await employee.seller.fill(seller);
  await expect.poll(() => told.evaluate(({ times }) => times)).toBe(2);
  held?.();
  await expect(director.seller).toHaveValue(seller);
  await expect(director.buyer).toHaveValue(buyer);
});

test('two employees work on one form @desktop', async ({ page, signIn, complaints, another }) => {
  complaints.expect(NO_NETWORK);
  const [first, second] = [someBuyer(), someBuyer()];
  await signIn('director');
  const director = await begin(page);
  const { page: desk, context } = await another('employee');
  const employee = await reopen(desk, director.path);
  await employee.seller.fill('ООО "СОТРУДНИК"');
  await expect(director.seller).toHaveValue('ООО "СОТРУДНИК"');

  await context.setOffline(true);
  await employee.buyer.fill(second);
  await expect(employee.status).toContainText('Нет сети');
  await director.buyer.fill(first);
  await expect(director.status).toHaveText(SAVED);
  await context.setOffline(false);
  await expect(desk.getByText('Одно поле изменено в двух местах')).toBeVisible();
  await expect(page.getByText('Одно поле изменено в двух местах')).toBeVisible();
  await page.getByRole('button', { name: `Оставить «${second}»` }).click();
  await expect(director.buyer).toHaveValue(second);
  await expect(employee.buyer).toHaveValue(second);
});

test('a sign-in on another device ends nothing here @desktop', async ({ page, signIn, another }) => {
  const [buyer, seller] = [someBuyer(), someBuyer()];
  await signIn('director');
  const editor = await begin(page);
  await editor.buyer.fill(buyer);
  await expect(editor.status).toHaveText(SAVED);
  const { page: elsewhere } = await another('director');
  const there = await reopen(elsewhere, editor.path);
  await expect(there.buyer).toHaveValue(buyer);
  await editor.seller.fill(seller);
  await expect(there.seller).toHaveValue(seller);
  await expect(editor.status).toHaveText(SAVED);
});

test('a session that is ended from another device opens again in place @desktop', async ({ page, signIn, complaints, another }) => {
  complaints.expect(/status of 401/);
  const buyer = someBuyer();
  await signIn('employee');
  const editor = await begin(page);
  const { page: elsewhere, context } = await another('employee');
  await gotoHydrated(elsewhere, '/profile');
  await elsewhere.getByRole('button', { name: 'Завершить все другие сеансы' }).click();
  await expect(elsewhere.getByRole('row').filter({ hasText: '127.0.0.1' })).toHaveCount(1);
  await context.close();

  const lock = page.getByRole('alertdialog', { name: 'Экран закрыт' });
  // The server tells the page; a page that hears nothing learns it with the next letter.
  await editor.buyer.fill(buyer, { force: true }).catch(() => undefined);
  await expect(lock).toBeVisible();
  await signInAgain(page, 'employee');
  await expect(lock).toBeHidden();
  await editor.buyer.fill(buyer);
  await expect(editor.status).toHaveText(SAVED);
});

test('ten idle minutes: a notice at nine, a lock at ten, and the form as it was', async ({ page, signIn, complaints, audit }) => {
  complaints.expect(/status of 401/);
  const [buyer, seller] = [someBuyer(), someBuyer()];
  await page.clock.install();
  await signIn('director');
  const editor = await begin(page);
  const { path } = editor;
  await editor.buyer.fill(buyer);
  await expect(editor.status).toHaveText(SAVED);

  await page.clock.fastForward('09:10');
  await expect(page.getByText('Через минуту экран закроется')).toBeVisible();
  await audit();
  await page.getByRole('button', { name: 'Продолжить работу' }).click();
  await expect(page.getByText('Через минуту экран закроется')).toBeHidden();
  await page.clock.fastForward('10:10');
  const lock = page.getByRole('alertdialog', { name: 'Экран закрыт' });
  await expect(lock).toBeVisible();
  await expect(lock).toBeFocused();
  await audit();

  // The screen is locked on the server too: another tab shows nothing.
  const tab = await page.context().newPage();
  await tab.goto(path);
  await expect(tab).toHaveURL(/\/sign-in\?return=/);
  await expect(tab.getByText('Экран заблокирован')).toBeVisible();
  await tab.close();

  // Somebody else cannot open it.
  await page.context().clearCookies({ name: 'esia_session' });
  const stranger = await signInAgain(page, 'trainee');
  await expect(stranger.getByText('Экран заблокировал другой пользователь.')).toBeVisible();
  await stranger.close();
  await expect(lock).toBeVisible();

  const done = await signInAgain(page, 'director');
  await expect(done.getByRole('heading', { level: 1, name: 'Вы снова вошли' })).toBeVisible();
  // It tells the page that waits as soon as it is alive.
  await hydrated(done);
  await done.close();
  await expect(lock).toBeHidden();
  await expect(page).toHaveURL(path);
  await expect(editor.buyer).toHaveValue(buyer);
  await editor.seller.fill(seller);
  await expect(editor.status).toHaveText(SAVED);
});

test('a lock by the server, while the page slept, loses nothing that was typed @desktop', async ({ ownCabinet, complaints, another }) => {
  complaints.expect(/status of 401/);
  const cabinet = await ownCabinet({ settings: { CABINET_SESSION_IDLE_LOCK_SECONDS: '20' } });
  const { page, context } = await another('director', cabinet.url);
  const buyer = someBuyer();
  const editor = await begin(page);
  const lock = page.getByRole('alertdialog', { name: 'Экран закрыт' });
  // Nothing reaches the server any more, and time goes by.
  await context.route('**/api/document/patch', (route) => route.abort());
  complaints.expect(NO_NETWORK);
  await editor.buyer.fill(buyer);
  await expect(lock).toBeVisible({ timeout: 60_000 });
  await context.unroute('**/api/document/patch');
  await signInAgain(page, 'director');
  await expect(lock).toBeHidden();
  await expect(editor.buyer).toHaveValue(buyer);
  await expect(editor.status).toHaveText(SAVED);
  await context.close();
});
