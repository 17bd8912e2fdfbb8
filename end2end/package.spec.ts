// Many drafts signed and sent in one gesture: ticked in the list, checked, shown, signed by one
// certificate; what was not sent says why and is tried again.

import { randomUUID } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { asked, installPlugin } from './support/cadesplugin.ts';
import { choose, CONTAINER, dialogOf, openContainer, OWNERS, PLUGIN, testSignature } from './support/signature.ts';
import { Editor, find, makeSignature, row } from './support/statform.ts';
import { expect, test } from './support/test.ts';

test.beforeEach(({ page }) => {
  test.setTimeout(240_000);
  page.setDefaultTimeout(60_000);
});

/** A word that all drafts of a test have in common. */
const someWord = (): string => `ПАКЕТ${randomUUID().slice(0, 8).toUpperCase()}`;

/** Drafts that differ by their buyers: the first is filled, the others are copies of it. */
async function drafts(page: Page, buyers: string[]): Promise<void> {
  const [first = '', ...others] = buyers;
  const editor = await Editor.create(page);
  await editor.fill(first);
  for (const buyer of others) {
    await find(page, first);
    await row(page, first).locator('summary').first().click();
    await row(page, first).getByRole('button', { name: 'Копировать' }).click();
    const copy = await Editor.opened(page);
    await copy.go('Стороны');
    await copy.buyer.fill(buyer);
    await copy.saved();
  }
}

const bar = (page: Page): Locator => page.getByRole('region', { name: 'Выбранные формы' });

/** Ticks everything on the page of the list and opens the dialog. */
async function pickAll(page: Page, number: number): Promise<void> {
  await page.getByRole('checkbox', { name: 'Выбрать все черновики на странице' }).check();
  await expect(bar(page).getByRole('status')).toHaveText(`Выбрано: ${number}`);
  await bar(page).getByRole('button', { name: 'Подписать и отправить' }).click();
}

const sign = (dialog: Locator): Promise<void> =>
  dialog.getByRole('button', { name: 'Подписать и отправить' }).click();

const headed = (dialog: Locator, text: string): Promise<void> =>
  expect(dialog.getByRole('heading', { level: 3, name: text })).toBeFocused({ timeout: 60_000 });

/** The line about one document in the list of results. */
const result = (dialog: Locator, words: string): Locator =>
  dialog.getByRole('list', { name: 'Результат' }).getByRole('listitem').filter({ hasText: words });

test('drafts go in one gesture; one with errors and one that changed meanwhile stay, and say why', async ({ page, signIn, another, audit, complaints }) => {
  complaints.expect(/the server responded with a status of 4\d\d/);
  const word = someWord();
  const [good, changed, wrong] = [`ТОО "${word} А"`, `ТОО "${word} Б"`, `ТОО "${word} В"`];
  await signIn('director');
  await makeSignature(page);
  await drafts(page, [good, changed]);
  const empty = await Editor.create(page);
  await empty.go('Стороны');
  await empty.buyer.fill(wrong);
  await empty.saved();
  await find(page, changed);
  const address = (await row(page, changed).getByRole('link').first().getAttribute('href')) ?? '';

  await find(page, word);
  // By the keyboard alone.
  const one = page.getByRole('checkbox', { name: new RegExp(`Выбрать: .*${word} А`) });
  await one.focus();
  await page.keyboard.press('Space');
  await expect(bar(page).getByRole('status')).toHaveText('Выбрано: 1');
  await audit();
  await pickAll(page, 3);

  const dialog = dialogOf(page);
  await headed(dialog, 'Готовы к отправке: 2 из 3');
  const left = dialog.getByRole('list', { name: 'Не войдут в отправку' });
  await expect(left.getByRole('link', { name: new RegExp(`${word} В`) })).toBeVisible();
  await expect(left).toContainText('Документ нельзя отправить');
  await expect(dialog.locator('[data-hash="gost"]')).toHaveText([/^[0-9a-f]{64}$/, /^[0-9a-f]{64}$/]);
  await dialog.getByText('Что подписывается').first().click();
  await expect(dialog.getByRole('region', { name: new RegExp('Содержание: .*ПАКЕТ') })).toContainText(word);
  await audit();

  // A colleague changes what is shown here already.
  const colleague = await another('employee');
  const theirs = await Editor.goto(colleague.page, address);
  await theirs.go('Стороны');
  await theirs.buyer.fill(`${changed} И К`);
  await theirs.saved();

  await sign(dialog);
  await headed(dialog, 'Отправлено: 1 из 3');
  await expect(result(dialog, `${word} А`)).toContainText('— отправлена');
  await expect(result(dialog, `${word} Б`)).toContainText('— не отправлена');
  await expect(result(dialog, `${word} Б`)).toContainText('изменил');
  await expect(result(dialog, `${word} В`)).toContainText('— не отправлена');
  await audit();

  // The signature is still chosen.
  await dialog.getByRole('button', { name: 'Повторить для неотправленных' }).click();
  await headed(dialog, 'Готовы к отправке: 1 из 2');
  await sign(dialog);
  await headed(dialog, 'Отправлено: 2 из 3');
  await dialog.getByRole('button', { name: 'Закрыть' }).last().click();
  await expect(dialog).toBeHidden();
  await expect(bar(page).getByRole('status')).toHaveText('Выбрано: 1');
  await expect(row(page, wrong)).toContainText('Черновик');
  for (const gone of [`${word} А`, `${word} Б`]) await expect(row(page, gone)).not.toContainText('Черновик');
});

test('the plug-in asks once for a package, and another certificate may sign what the first could not @desktop', async ({ page, signIn, sandbox, complaints }) => {
  complaints.expect(/the server responded with a status of 4\d\d/);
  const revoked = await testSignature(sandbox, OWNERS.director);
  const own = await testSignature(sandbox, OWNERS.director, { key: 'gost512' });
  await sandbox.post('ca/revoke', { serial: revoked.serial });
  await installPlugin(page, [revoked, own]);
  const word = someWord();
  await signIn('director');
  await drafts(page, [`ТОО "${word} А"`, `ТОО "${word} Б"`]);
  await find(page, word);
  await pickAll(page, 2);
  const dialog = dialogOf(page);
  await headed(dialog, 'Готовы к отправке: 2 из 2');
  // A signature made elsewhere is over one document only.
  await expect(dialog.getByRole('radio', { name: CONTAINER })).toBeVisible();
  await expect(dialog.getByRole('radio', { name: 'Подпись из другой программы' })).toHaveCount(0);
  await choose(dialog, PLUGIN);
  await dialog.getByRole('radio', { name: /34\.10-2012.*256|256/ }).first().check();
  const before = await asked(page);
  await sign(dialog);
  await headed(dialog, 'Отправлено: 0 из 2');
  for (const letter of ['А', 'Б']) {
    await expect(result(dialog, `${word} ${letter}`)).toContainText('Сертификат отозван');
  }
  expect(await asked(page)).toMatchObject({ access: before.access + 1, pin: 1 });

  await dialog.getByRole('button', { name: 'Повторить для неотправленных' }).click();
  await headed(dialog, 'Готовы к отправке: 2 из 2');
  await dialog.getByRole('radio', { name: /512/ }).check();
  await sign(dialog);
  await headed(dialog, 'Отправлено: 2 из 2');
  expect(await asked(page)).toMatchObject({ access: before.access + 2, pin: 2 });
});

test('one password opens a container for a package; a refused signature asks nobody twice @desktop', async ({ page, signIn, sandbox }) => {
  const signature = await testSignature(sandbox, OWNERS.director);
  const word = someWord();
  await signIn('director');
  await drafts(page, [`ТОО "${word} А"`, `ТОО "${word} Б"`]);
  await find(page, word);
  await pickAll(page, 2);
  const dialog = dialogOf(page);
  await headed(dialog, 'Готовы к отправке: 2 из 2');
  await choose(dialog, CONTAINER);
  await openContainer(dialog, signature);
  // Who has given the password goes on to the certificate.
  await expect(dialog.getByRole('radio', { name: /Берёзкина/ })).toBeFocused();
  await sign(dialog);
  await headed(dialog, 'Отправлено: 2 из 2');
  await dialog.getByRole('button', { name: 'Закрыть' }).last().click();
  await expect(bar(page)).toBeHidden();
});

test('a network that fails in the middle loses nothing and sends nothing twice @desktop', async ({ page, context, signIn, complaints, sandbox }) => {
  complaints.expect(/net::ERR_FAILED/);
  const word = someWord();
  await signIn('director');
  await makeSignature(page);
  await drafts(page, [`ТОО "${word} А"`, `ТОО "${word} Б"`, `ТОО "${word} В"`]);
  await find(page, word);
  await pickAll(page, 3);
  const dialog = dialogOf(page);
  await headed(dialog, 'Готовы к отправке: 3 из 3');
  const delivered = async (): Promise<number> => (await sandbox.get<unknown[]>('eais/messages')).length;
  const before = await delivered();
  let times = 0;
  await context.route('**/api/document/submit', async (route) => {
    times += 1;
    if (times === 1) return route.continue();
    // The second one arrives, and its answer is lost; the third never does.
    if (times === 2) await route.fetch();
    return route.abort();
  });
  await sign(dialog);
  await headed(dialog, 'Отправлено: 1 из 3');
  await context.unroute('**/api/document/submit');
  await dialog.getByRole('button', { name: 'Повторить для неотправленных' }).click();
  // The second one and the third are handed over again, with the signatures that they have.
  await headed(dialog, 'Отправлено: 3 из 3');
  await dialog.getByRole('button', { name: 'Закрыть' }).last().click();
  for (const letter of ['А', 'Б', 'В']) {
    await expect(row(page, `${word} ${letter}`)).not.toContainText('Черновик');
  }
  expect(times, 'no more was handed over than was routed').toBe(3);
  await expect.poll(async () => (await delivered()) - before, 'customs has each of them once').toBe(3);
});

test('who may not sign ticks nothing @desktop', async ({ page, signIn, gotoHydrated }) => {
  await signIn('trainee');
  await gotoHydrated('/statforms');
  await expect(page.getByRole('checkbox', { name: /Выбрать/ })).toHaveCount(0);
});
