// The ways of signing, and what is refused: key containers, CryptoPro's plug-in, a signature made
// elsewhere; «Проверить ЭП» and sign-in by a signature.

import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { asked, installPlugin } from './support/cadesplugin.ts';
import { Engine } from './support/engine.ts';
import {
  choose,
  CONTAINER,
  dialogOf,
  ELSEWHERE,
  giveContainer,
  openContainer,
  opensslSign,
  OWNERS,
  PLUGIN,
  testSignature,
} from './support/signature.ts';
import { Editor, registered, someBuyer } from './support/statform.ts';
import { expect, test } from './support/test.ts';

test.beforeEach(() => {
  test.setTimeout(240_000);
});

/** A filled form with its dialog of signing open. */
async function aboutToSign(page: Page): Promise<void> {
  const editor = await Editor.create(page);
  await editor.fill(someBuyer());
  await editor.go('Проверка и отправка');
  await page
    .getByRole('region', { name: 'Отправка', exact: true })
    .getByRole('button', { name: 'Подписать и отправить' })
    .click();
  await expect(dialogOf(page).locator('[data-hash="gost"]')).toHaveText(/^[0-9a-f]{64}$/, { timeout: 30_000 });
}

/** The form at hand has a time-stamp in its print: the plug-in's, or else the server's. */
async function stampedWithTime(page: Page): Promise<void> {
  await page.goto(`${new URL(page.url()).pathname}/print`);
  await expect(page.locator('.stamp').getByText(/^Штамп времени: \d\d\.\d\d\.\d{4}/)).toBeVisible();
}

async function send(page: Page): Promise<void> {
  await dialogOf(page).getByRole('button', { name: 'Подписать и отправить' }).click();
  await expect(dialogOf(page)).toBeHidden({ timeout: 30_000 });
}

test('a key container signs without any program, and a wrong password loses nothing', async ({ page, signIn, sandbox, audit }) => {
  const signature = await testSignature(sandbox, OWNERS.director);
  await signIn('director');
  await aboutToSign(page);
  const dialog = dialogOf(page);
  await choose(dialog, CONTAINER);
  await giveContainer(dialog, signature.pfx, 'не тот пароль');
  await expect(dialog.getByRole('alert')).toContainText('Пароль контейнера не подошёл', { timeout: 30_000 });
  await expect(dialog.getByText('Выбран файл подпись.pfx')).toBeVisible();
  await audit();
  await dialog.getByLabel('Пароль контейнера').fill(signature.password);
  await dialog.getByLabel('Пароль контейнера').press('Enter');
  await expect(dialog.getByRole('radio', { name: /Берёзкина/ })).toBeChecked({ timeout: 30_000 });
  await audit();
  await send(page);
  await registered(page);
  await stampedWithTime(page);
});

test('the plug-in signs with the certificate chosen', async ({ page, signIn, sandbox, audit }) => {
  const own = await testSignature(sandbox, OWNERS.director, { key: 'ecdsa' });
  const expired = await testSignature(sandbox, OWNERS.director, { key: 'ecdsa', expired: true });
  const foreign = await testSignature(sandbox, OWNERS.person, { key: 'ecdsa' });
  const herself = await testSignature(sandbox, OWNERS.directorHerself, { key: 'ecdsa' });
  await installPlugin(page, [expired, foreign, herself, own]);
  await signIn('director');
  await aboutToSign(page);
  const dialog = dialogOf(page);
  await expect(dialog.getByText('Руководитель, доверенность не нужна')).toBeVisible();
  await choose(dialog, PLUGIN);
  // Those that are fit come first, whatever the order of the store; the others say why not.
  await expect(dialog.getByRole('radio', { name: /подходит для таможни/ })).toBeChecked();
  await expect(dialog.getByRole('radio', { name: /не подойдёт: срок истёк/ })).not.toBeChecked();
  await expect(dialog.getByRole('radio', { name: /не подойдёт: он выдан не на эту организацию/ })).toBeVisible();
  await dialog.getByRole('radio', { name: /не подойдёт: он выдан другому человеку/ }).check();
  await expect(dialog.getByText('Этот сертификат для таможни не подойдёт: он выдан другому человеку')).toBeVisible();
  await audit();
  await dialog.getByRole('radio', { name: /подходит для таможни/ }).check();
  await send(page);
  await registered(page);
  expect(await asked(page)).toMatchObject({ stamps: 1 });
  await stampedWithTime(page);
});

for (const [fault, how, stamps] of [
  ['small', 'by the hash of a document too large for it', 1],
  ['timestamps', 'without a licence for time-stamps', 0],
] as const) {
  test(`the plug-in signs ${how} @desktop`, async ({ page, signIn, sandbox }) => {
    const own = await testSignature(sandbox, OWNERS.director);
    await installPlugin(page, [own], fault);
    await signIn('director');
    await aboutToSign(page);
    await choose(dialogOf(page), PLUGIN);
    await expect(dialogOf(page).getByRole('radio', { name: /Берёзкина/ })).toBeChecked();
    await send(page);
    await registered(page);
    expect(await asked(page)).toMatchObject({ stamps });
    await stampedWithTime(page);
  });
}

test('a signature made elsewhere is taken', async ({ page, signIn, sandbox, audit }) => {
  const signature = await testSignature(sandbox, OWNERS.director, { key: 'ecdsa' });
  await signIn('director');
  await aboutToSign(page);
  const dialog = dialogOf(page);
  await choose(dialog, ELSEWHERE);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('link', { name: 'Скачать для подписания' }).click(),
  ]);
  const content = await readFile(await file.path());
  const upload = async (name: string, buffer: Buffer): Promise<void> => {
    await dialog.getByLabel('Файл подписи').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  };
  const overflow = await dialog.evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(overflow, 'the dialog is as wide as its content').toBe(0);
  await upload('чужое.sig', Buffer.from('это не подпись'));
  await expect(dialog.getByRole('alert')).toContainText('Это не файл подписи', { timeout: 30_000 });
  await audit();
  const der = await opensslSign(signature, content);
  await upload('документ.xml.sig', Buffer.from(der.toString('base64')));
  await expect(dialog.getByRole('radio', { name: /Берёзкина/ })).toBeChecked({ timeout: 30_000 });
  await send(page);
  await registered(page);
});

test('what may not sign is refused in words, and the form stays', async ({ page, signIn, sandbox, complaints }) => {
  complaints.expect(/the server responded with a status of 4\d\d/);
  const expired = await testSignature(sandbox, OWNERS.director, { expired: true });
  const revoked = await testSignature(sandbox, OWNERS.director);
  await sandbox.post('ca/revoke', { serial: revoked.serial });
  const foreign = await testSignature(sandbox, OWNERS.person);
  const right = await testSignature(sandbox, OWNERS.director, { key: 'gost512' });
  await signIn('director');
  await aboutToSign(page);
  const dialog = dialogOf(page);
  await choose(dialog, CONTAINER);
  for (const [signature, words] of [
    [expired, 'Срок действия сертификата истёк'],
    [revoked, 'Сертификат отозван'],
    [foreign, 'Сертификат выдан другому человеку'],
  ] as const) {
    await openContainer(dialog, signature);
    await dialog.getByRole('button', { name: 'Подписать и отправить' }).click();
    await expect(dialog.getByRole('alert')).toContainText(words, { timeout: 30_000 });
    await dialog.getByRole('button', { name: 'Взять другой файл' }).click();
  }
  await openContainer(dialog, right);
  await send(page);
  await registered(page);
});

test('the plug-in that is missing or broken says why', async ({ page, gotoHydrated, audit }) => {
  await gotoHydrated('/signature-check');
  const form = page.getByRole('region', { name: 'Проверочная подпись' });
  await choose(form, PLUGIN);
  await expect(form.getByText(/Расширение КриптоПро не установлено|плагина КриптоПро нет/).last()).toBeVisible();
  await audit();
});

test('«Проверить ЭП» says line by line what is right, and what is not with its remedy', async ({ page, context, gotoHydrated, sandbox, audit }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const good = await testSignature(sandbox, OWNERS.director);
  const old = await testSignature(sandbox, OWNERS.director, { expired: true });
  await gotoHydrated('/sign-in');
  await page.getByRole('link', { name: 'Проверить ЭП' }).click();
  await expect(page.getByRole('heading', { name: 'Проверить ЭП', level: 1 })).toBeVisible();
  const form = page.getByRole('region', { name: 'Проверочная подпись' });
  await choose(form, CONTAINER);
  await audit();
  await openContainer(form, good);
  await form.getByRole('button', { name: 'Подписать и проверить' }).click();
  await expect(page.getByText('Подпись подходит для работы с таможней')).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('.check-lines [data-outcome="failed"]')).toHaveCount(0);
  await expect(page.getByText('900-000-001 82').first()).toBeVisible();
  await audit();
  await page.getByRole('button', { name: 'Скопировать отчёт для поддержки' }).click();
  await expect(page.getByText('Отчёт скопирован')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('Файл ключевого контейнера');

  await page.getByRole('button', { name: 'Проверить другую подпись' }).click();
  await choose(form, CONTAINER);
  await openContainer(form, old);
  await form.getByRole('button', { name: 'Подписать и проверить' }).click();
  await expect(page.getByText('Подпись не прошла проверку')).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('.check-lines [data-outcome="failed"] .check-remedy').first()).toBeVisible();
  await audit();
});

test('a container kept under a PIN opens again by the PIN alone', async ({ page, gotoHydrated, sandbox, audit }) => {
  const signature = await testSignature(sandbox, OWNERS.director);
  await gotoHydrated('/signature-check');
  const form = page.getByRole('region', { name: 'Проверочная подпись' });
  await choose(form, CONTAINER);
  await giveContainer(form, signature.pfx, signature.password, '123');
  await expect(form.getByRole('alert')).toContainText('ПИН-код слишком короткий');
  await openContainer(form, signature, '2580-Я');

  await gotoHydrated('/signature-check');
  await choose(form, CONTAINER);
  await form.getByLabel('ПИН-код').fill('000000');
  await form.getByRole('button', { name: 'Открыть контейнер' }).click();
  await expect(form.getByRole('alert')).toContainText('Неверный ПИН-код', { timeout: 30_000 });
  await audit();
  await form.getByLabel('ПИН-код').fill('2580-Я');
  await form.getByLabel('ПИН-код').press('Enter');
  await expect(form.getByRole('radio', { name: /Берёзкина/ })).toBeChecked({ timeout: 30_000 });

  await gotoHydrated('/signature-check');
  await choose(form, CONTAINER);
  await form.getByRole('button', { name: 'Удалить с устройства' }).click();
  await expect(form.getByLabel('Ключевой контейнер')).toBeVisible();
});

test('a person signs in by a signature', async ({ page, gotoHydrated, sandbox, audit, complaints }) => {
  complaints.expect(/the server responded with a status of 4\d\d/);
  const expired = await testSignature(sandbox, OWNERS.person, { expired: true });
  const own = await testSignature(sandbox, OWNERS.person);
  await gotoHydrated('/sign-in');
  await page.getByRole('link', { name: 'Войти по электронной подписи' }).click();
  const form = page.getByRole('region', { name: 'Войти по электронной подписи' });
  await choose(form, CONTAINER);
  await audit();
  await openContainer(form, expired);
  await form.getByRole('button', { name: 'Подписать и войти' }).click();
  await expect(form.getByRole('alert')).toContainText('Срок действия сертификата истёк', { timeout: 30_000 });
  await form.getByRole('button', { name: 'Взять другой файл' }).click();
  await openContainer(form, own);
  await form.getByRole('button', { name: 'Подписать и войти' }).click();
  await page.waitForURL((url) => url.pathname === '/', { timeout: 30_000 });
  await gotoHydrated('/profile');
  await expect(page.getByText('Тополев').first()).toBeVisible();
});

test('the head of a company adds it by its signature, which is attached at once', async ({ page, signIn, gotoHydrated, sandbox, audit }) => {
  const company = await testSignature(sandbox, OWNERS.director);
  await signIn('director');
  await gotoHydrated('/sign-in/role');
  await page.getByRole('link', { name: 'Новая организация — войти по ЭП' }).click();
  const form = page.getByRole('region', { name: 'Новая организация — войти по ЭП' });
  await choose(form, CONTAINER);
  await openContainer(form, company);
  await audit();
  await form.getByRole('button', { name: 'Подписать и войти' }).click();
  await page.waitForURL((url) => url.pathname === '/', { timeout: 30_000 });
  await gotoHydrated('/profile');
  await expect(page.getByRole('heading', { name: /Электронная подпись: .*Ромашка-Экспорт/i })).toBeVisible();
});

test('a file of any size is hashed as a stream @desktop', async ({ page, gotoHydrated }) => {
  await gotoHydrated('/signature-check');
  const card = page.getByRole('region', { name: 'Хеш файла' });
  const folder = await mkdtemp(join(tmpdir(), 'cabinet-hash-'));
  const path = join(folder, 'большой.bin');
  const piece = Buffer.alloc(1 << 20, 'кабинет');
  const sha256 = createHash('sha256');
  for (let at = 0; at < 64; at += 1) {
    await appendFile(path, piece);
    sha256.update(piece);
  }
  await card.getByLabel('Файл для хеширования').setInputFiles(path);
  await expect(card.getByText(sha256.digest('hex'))).toBeVisible({ timeout: 120_000 });
  await expect(card.getByText(String(64 << 20))).toBeVisible();
  // RFC 6986, 10.1.2: the first example.
  const m1 = Buffer.from('012345678901234567890123456789012345678901234567890123456789012');
  await card.getByLabel('Файл для хеширования').setInputFiles({ name: 'm1', mimeType: 'text/plain', buffer: m1 });
  await expect(card.getByText('9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500')).toBeVisible();
  await rm(folder, { recursive: true });
});

test('the memory of the engine does not grow with the file @desktop', async ({ page, gotoHydrated }) => {
  await gotoHydrated('/signature-check');
  const engine = await Engine.start(page);
  const { size, sha256 } = await engine.hash(8);
  expect(size).toBe(8 << 20);
  expect(sha256).toBe(createHash('sha256').update(Buffer.alloc(8 << 20)).digest('hex'));
  const before = await engine.memory();
  expect((await engine.hash(128)).size).toBe(128 << 20);
  expect((await engine.memory()) - before).toBeLessThan(1 << 20);
  expect(before).toBeLessThan(16 << 20);
});
