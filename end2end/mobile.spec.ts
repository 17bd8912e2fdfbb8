// Signing on the telephone («Госключ»): the sandbox plays «Госуслуги» and the telephone.

import type { Locator, Page } from '@playwright/test';
import { gotoHydrated } from './support/pages.ts';
import { Sandbox } from './support/sandbox.ts';
import { choose, dialogOf } from './support/signature.ts';
import { Editor, registered, someBuyer } from './support/statform.ts';
import { expect, test } from './support/test.ts';

const GOSKEY = 'Госключ';
/** Another who holds the telephone: «Тополев». */
const STRANGER = 1_000_000_006;

interface Request {
  order: number;
  title: string;
  sha256: string;
  gost: string;
  status: string;
}

type Deed = 'sign' | 'refuse' | 'expire' | 'fail';

test.beforeEach(() => {
  test.setTimeout(240_000);
});

/** A filled form with its dialog of signing open. */
async function aboutToSign(page: Page): Promise<Locator> {
  const editor = await Editor.create(page);
  await editor.fill(someBuyer());
  return openDialog(page);
}

async function openDialog(page: Page): Promise<Locator> {
  const editor = await Editor.opened(page);
  await editor.go('Проверка и отправка');
  await page
    .getByRole('region', { name: 'Отправка', exact: true })
    .getByRole('button', { name: 'Подписать и отправить' })
    .click();
  const dialog = dialogOf(page);
  await expect(dialog.locator('[data-hash="gost"]')).toHaveText(/^[0-9a-f]{64}$/, { timeout: 30_000 });
  return dialog;
}

/** The hashes that the dialog shows: SHA-256, then GOST. */
function hashes(dialog: Locator): Promise<string[]> {
  return dialog.locator('.hash').allInnerTexts();
}

/** Asks the telephone, and waits until it shows exactly this document. */
async function ask(dialog: Locator, sandbox: Sandbox, button = 'Отправить запрос в Госключ'): Promise<Request> {
  await dialog.getByRole('button', { name: button }).click();
  await expect(dialog.getByRole('status').filter({ hasText: 'Подтвердите подпись на телефоне' })).toBeVisible({ timeout: 30_000 });
  return onPhone(dialog, sandbox);
}

async function onPhone(dialog: Locator, sandbox: Sandbox): Promise<Request> {
  const [sha256, gost] = await hashes(dialog);
  const requests = await sandbox.get<Request[]>('phone/requests');
  const own = requests.find((request) => request.sha256 === sha256);
  if (own === undefined) throw new Error(`the telephone does not show ${sha256}`);
  expect(own.gost).toBe(gost);
  return own;
}

async function deed(sandbox: Sandbox, { order }: Request, what: Deed, body: unknown = {}): Promise<void> {
  await sandbox.post(`phone/requests/${order}/${what}`, body);
}

async function cameAndSend(page: Page): Promise<void> {
  const dialog = dialogOf(page);
  await expect(dialog.getByText('Подпись с телефона получена')).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByRole('radio', { name: /Рябинина/ })).toBeChecked({ timeout: 30_000 });
  await dialog.getByRole('button', { name: 'Подписать и отправить' }).click();
  await expect(dialog).toBeHidden({ timeout: 30_000 });
  await registered(page);
}

test('an individual signs on the telephone, and the document is sent', async ({ page, context, signIn, sandbox, cabinet, audit }) => {
  await signIn('selfEmployed');
  const dialog = await aboutToSign(page);
  await choose(dialog, GOSKEY);
  await expect(dialog.getByText('даже если закрыть страницу')).toBeVisible();
  await audit();
  await dialog.getByRole('button', { name: 'Отправить запрос в Госключ' }).click();
  await expect(dialog.getByText('Подтвердите подпись на телефоне')).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByRole('timer')).toHaveText(/^Осталось: 23 ч 5\d мин$/);
  const overflow = await dialog.evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(overflow, 'the dialog is as wide as its content').toBe(0);
  await audit();
  const { title } = await onPhone(dialog, sandbox);
  await expect(dialog.getByText(title, { exact: true })).toBeVisible();

  const phone = await context.newPage();
  await phone.goto(`${cabinet.sandboxUrl}/sandbox/`);
  await phone.getByRole('link', { name: 'Телефон' }).click();
  const [sha256] = await hashes(dialog);
  const request = phone.locator('section').filter({ hasText: sha256 ?? 'none' });
  await request.getByRole('button', { name: 'Подписать' }).click();
  await expect(request.getByText('Документ подписан')).toBeVisible();
  await phone.close();

  await expect(dialog.getByText('Подпись с телефона получена')).toBeVisible({ timeout: 30_000 });
  await audit();
  await cameAndSend(page);
});

test('who declines on the telephone is told so, and may ask again', async ({ page, signIn, sandbox, audit }) => {
  await signIn('selfEmployed');
  const dialog = await aboutToSign(page);
  await choose(dialog, GOSKEY);
  await deed(sandbox, await ask(dialog, sandbox), 'refuse');
  await expect(dialog.getByText('На телефоне отказались подписывать')).toBeVisible({ timeout: 30_000 });
  await audit();
  await deed(sandbox, await ask(dialog, sandbox, 'Отправить запрос снова'), 'fail');
  await expect(dialog.getByText('Госключ не принял документ на подпись')).toBeVisible({ timeout: 30_000 });
  await deed(sandbox, await ask(dialog, sandbox, 'Отправить запрос снова'), 'sign');
  await cameAndSend(page);
});

test('a signature of another person is not taken', async ({ page, signIn, sandbox }) => {
  await signIn('selfEmployed');
  const dialog = await aboutToSign(page);
  await choose(dialog, GOSKEY);
  await deed(sandbox, await ask(dialog, sandbox), 'sign', { by: STRANGER });
  await expect(dialog.getByText('Сертификат выдан другому человеку')).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByRole('button', { name: 'Подписать и отправить' })).toBeDisabled();
});

test('a request that nobody confirms expires', async ({ page, signIn, sandbox, audit }) => {
  await signIn('selfEmployed');
  const dialog = await aboutToSign(page);
  await choose(dialog, GOSKEY);
  await deed(sandbox, await ask(dialog, sandbox), 'expire');
  await expect(dialog.getByText('Срок запроса истёк')).toBeVisible({ timeout: 30_000 });
  await audit();
});

test('a request expires here too, though nobody answers', async ({ request, ownCabinet, another }) => {
  const own = await ownCabinet({ settings: { CABINET_SIGNATURE_MOBILE_WAIT_SECONDS: '4' } });
  const { page } = await another('selfEmployed', own.url);
  const sandbox = new Sandbox(request, () => own.sandboxUrl);
  const dialog = await aboutToSign(page);
  await choose(dialog, GOSKEY);
  await sandbox.post('epgu/mode', { down: true });
  await dialog.getByRole('button', { name: 'Отправить запрос в Госключ' }).click();
  await expect(dialog.getByText('Срок запроса истёк')).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByRole('button', { name: 'Отправить запрос снова' })).toBeVisible();
});

test('an outage is told, and the request gets through by itself', async ({ page, signIn, sandbox, audit }) => {
  await signIn('selfEmployed');
  const dialog = await aboutToSign(page);
  await choose(dialog, GOSKEY);
  await sandbox.post('epgu/mode', { down: true });
  await dialog.getByRole('button', { name: 'Отправить запрос в Госключ' }).click();
  await expect(dialog.getByText('Госуслуги сейчас не отвечают')).toBeVisible({ timeout: 30_000 });
  await audit();
  await sandbox.post('epgu/mode', { down: false });
  await expect(dialog.getByText('Подтвердите подпись на телефоне')).toBeVisible({ timeout: 60_000 });
  await deed(sandbox, await onPhone(dialog, sandbox), 'sign');
  await cameAndSend(page);
});

test('a request is cancelled here, and the telephone forgets it', async ({ page, signIn, sandbox }) => {
  await signIn('selfEmployed');
  const dialog = await aboutToSign(page);
  await choose(dialog, GOSKEY);
  const request = await ask(dialog, sandbox);
  await dialog.getByRole('button', { name: 'Отменить запрос' }).click();
  await expect(dialog.getByText('Запрос отменён')).toBeVisible();
  await expect(async () => {
    const requests = await sandbox.get<Request[]>('phone/requests');
    expect(requests.find(({ order }) => order === request.order)?.status).toBe('cancelled');
  }).toPass({ timeout: 30_000 });
  await deed(sandbox, await ask(dialog, sandbox, 'Отправить запрос снова'), 'sign');
  await expect(dialog.getByText('Подпись с телефона получена')).toBeVisible({ timeout: 30_000 });
  // A signature that came and is not wanted is given up.
  await dialog.getByRole('button', { name: 'Запросить подпись заново' }).click();
  await expect(dialog.getByText('Запрос отменён')).toBeVisible({ timeout: 30_000 });
});

test('waiting goes on after a reload, on another device, and when the cabinet was killed @desktop', async ({ request, ownCabinet, another }) => {
  const own = await ownCabinet();
  const sandbox = new Sandbox(request, () => own.sandboxUrl);
  const { page, context } = await another('selfEmployed', own.url);
  const dialog = await aboutToSign(page);
  await choose(dialog, GOSKEY);
  const asked = await ask(dialog, sandbox);
  const before = await hashes(dialog);
  const { pathname } = new URL(page.url());

  await page.reload();
  const after = await openDialog(page);
  expect(await hashes(after), 'the very bytes that the telephone shows').toEqual(before);
  await expect(after.getByRole('radio', { name: GOSKEY }), 'what was begun is chosen').toBeChecked();
  await expect(after.getByText('Подтвердите подпись на телефоне')).toBeVisible({ timeout: 30_000 });

  await context.close();
  await own.kill();
  await own.start();
  await deed(sandbox, asked, 'sign');
  const { page: other } = await another('selfEmployed', own.url);
  // Whoever was away is told that there is something to send.
  await expect(async () => {
    await gotoHydrated(other, '/notices');
    await expect(other.getByRole('article').filter({ hasText: 'Подписано на телефоне' })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await other.goto(pathname);
  const elsewhere = await openDialog(other);
  expect(await hashes(elsewhere)).toEqual(before);
  await cameAndSend(other);
});

for (const person of ['director', 'soleTrader'] as const) {
  test(`a ${person} is told why not, and what instead`, async ({ page, signIn, audit }) => {
    await signIn(person);
    const dialog = await aboutToSign(page);
    await choose(dialog, GOSKEY);
    await expect(dialog.getByText('подписывают только физические лица').last()).toBeVisible();
    await expect(dialog.getByText(/Подпишите через КриптоПро.*ФНС России/)).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Отправить запрос в Госключ' })).toHaveCount(0);
    await audit();
  });
}
