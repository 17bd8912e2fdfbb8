// CryptoPro's plug-in: found by way of its extension, every fault by its cause, contents signed whole
// and by their hash. The stand-in itself is driven by «crypto-pro», which brings CryptoPro's own
// loader, and its signatures are judged by the cabinet.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { hashOf } from './support/cades.ts';
import { type Fault, installPlugin } from './support/cadesplugin.ts';
import { choose, CONTAINER, OWNERS, PLUGIN, testSignature, type TestSignature, type Wanted } from './support/signature.ts';
import { expect, test } from './support/test.ts';

const run = promisify(execFile);
const KEYS: NonNullable<Wanted['key']>[] = ['gost256', 'gost512', 'ecdsa'];

test.beforeEach(() => {
  test.setTimeout(240_000);
});

/** «Проверить ЭП» with the plug-in chosen. */
async function checking(page: Page): Promise<Locator> {
  await page.goto('/signature-check');
  const form = page.getByRole('region', { name: 'Проверочная подпись' });
  await choose(form, PLUGIN);
  return form;
}

for (const [fault, words] of [
  ['blocked', 'Браузер не дал загрузить расширение КриптоПро'],
  ['native', 'сам плагин КриптоПро на компьютере не установлен'],
  ['csp', 'КриптоПро CSP не установлен или не отвечает'],
  ['old', 'Версия плагина слишком старая'],
  ['site', 'Доступ запрещён (0x80070005)'],
] as const satisfies readonly (readonly [Fault, string])[]) {
  test(`a plug-in with the fault «${fault}» is explained`, async ({ page, audit }) => {
    await installPlugin(page, [], fault);
    const form = await checking(page);
    await expect(form.locator('.alert')).toContainText(words);
    // What to do, and a way to try again without leaving the page.
    await expect(form.locator('.alert').getByRole('button', { name: 'Проверить снова' })).toBeVisible();
    await audit();
  });
}

test('a cancelled signature is called so', async ({ page, sandbox }) => {
  const own = await testSignature(sandbox, OWNERS.director, { key: 'ecdsa' });
  await installPlugin(page, [own], 'cancelled');
  const form = await checking(page);
  await form.getByRole('button', { name: 'Подписать и проверить' }).click();
  await expect(form.getByRole('alert')).toContainText('Вы отменили операцию (0x8010006E)');
});

test('without the plug-in the other ways are there before it is given up', async ({ page }) => {
  // The wait for an extension's answer ends when the test says so.
  await page.addInitScript(() => {
    const start = window.setTimeout.bind(window);
    const held: TimerHandler[] = [];
    const hold = (act: TimerHandler, wait?: number): number => (wait === 1200 ? held.push(act) : start(act, wait));
    Object.assign(window, {
      setTimeout: hold,
      giveUp: () => held.splice(0).forEach((act) => start(act, 0)),
    });
  });
  await page.goto('/signature-check');
  const form = page.getByRole('region', { name: 'Проверочная подпись' });
  await expect(form.getByRole('radio', { name: CONTAINER })).toBeChecked();
  await expect(form.getByRole('radio', { name: /КриптоПро.*Проверяем, работает ли/ })).toBeVisible();
  await form.getByLabel('Пароль контейнера').fill('ещё не всё');
  await page.evaluate(() => (window as unknown as { giveUp(): void }).giveUp());
  await expect(form.getByRole('radio', { name: /КриптоПро.*не установлено/ })).toBeVisible();
  // What was typed meanwhile is still there, and so is the focus.
  await expect(form.getByLabel('Пароль контейнера')).toHaveValue('ещё не всё');
  await expect(form.getByLabel('Пароль контейнера')).toBeFocused();
});

for (const key of KEYS) {
  for (const [fault, how] of [['none', 'whole'], ['small', 'by its hash']] as const) {
    test(`a content is signed ${how} with a key of ${key} @desktop`, async ({ page, sandbox }) => {
      const own = await testSignature(sandbox, OWNERS.director, { key });
      await installPlugin(page, [own], fault);
      const form = await checking(page);
      await form.getByRole('button', { name: 'Подписать и проверить' }).click();
      await expect(page.getByText('Подпись подходит для работы с таможней')).toBeVisible({ timeout: 30_000 });
      await expect(page.locator('.check-lines [data-outcome="failed"]')).toHaveCount(0);
    });
  }
}

interface Challenge {
  content: string;
  token: string;
}

/** As the cabinet's own page would ask. */
const OWN = { 'sec-fetch-site': 'same-origin' };

async function challenge(request: APIRequestContext): Promise<Challenge> {
  const response = await request.post('/api/signature/challenge', { data: {}, headers: OWN });
  expect(response.ok(), await response.text()).toBe(true);
  return (await response.json()) as Challenge;
}

/** What the cabinet says of a signature over a challenge. */
async function judged(request: APIRequestContext, token: string, signature: string): Promise<{ valid: boolean; algorithm: string }> {
  const data = { token, signature: signature.replaceAll(/\s/g, '') };
  const response = await request.post('/api/signature/check', { data, headers: OWN });
  expect(response.ok(), await response.text()).toBe(true);
  return (await response.json()) as { valid: boolean; algorithm: string };
}

/** A page without the cabinet's policy, in which a foreign client may `eval`. */
async function foreignClient(page: Page, signatures: TestSignature[]): Promise<void> {
  await installPlugin(page, signatures);
  await page.goto('about:blank');
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('crypto-pro/dist/crypto-pro.js') });
}

/** What the client has, as far as it is used here. */
interface CryptoPro {
  isValidSystemSetup(): Promise<boolean>;
  getSystemInfo(): Promise<{ cadesVersion: string; cspVersion: string }>;
  getUserCertificates(): Promise<{ name: string; thumbprint: string; isValid(): Promise<boolean>; exportBase64(): Promise<string> }[]>;
  createHash(content: ArrayBuffer, options: { hashedAlgorithm: number }): Promise<string>;
  createDetachedSignature(thumbprint: string, hash: string, options: { hashedAlgorithm: number }): Promise<string>;
  createAttachedSignature(thumbprint: string, content: ArrayBuffer): Promise<string>;
}

declare global {
  interface Window {
    cryptoPro: CryptoPro;
  }
}

test.describe('the stand-in, driven by an independent client @desktop', () => {
  test('lists the certificates that may sign', async ({ page, sandbox }) => {
    const own = await testSignature(sandbox, OWNERS.director);
    const expired = await testSignature(sandbox, OWNERS.director, { expired: true });
    await foreignClient(page, [expired, own]);
    const found = await page.evaluate(async () => {
      const { cryptoPro } = window;
      await cryptoPro.isValidSystemSetup();
      const all = await cryptoPro.getUserCertificates();
      return {
        info: await cryptoPro.getSystemInfo(),
        all: await Promise.all(
          all.map(async (one) => ({ name: one.name, valid: await one.isValid(), der: await one.exportBase64() })),
        ),
      };
    });
    expect(found.info).toEqual({ cadesVersion: '2.0.15000', cspVersion: '5.0.13000' });
    expect(found.all).toHaveLength(1);
    const der = own.certificate_pem.replaceAll(/-----[^-]+-----|\s/g, '');
    expect(found.all[0]).toMatchObject({ valid: true });
    expect(found.all[0]?.name).toContain('РОМАШКА-ЭКСПОРТ');
    expect(found.all[0]?.der.replaceAll(/\s/g, '')).toBe(der);
  });

  for (const [key, number, name] of [['gost256', 101, 'gost256'], ['gost512', 102, 'gost512'], ['ecdsa', 4, 'sha256']] as const) {
    test(`hashes and signs with a key of ${key}`, async ({ page, sandbox, request }) => {
      const own = await testSignature(sandbox, OWNERS.director, { key });
      await foreignClient(page, [own]);
      const { content, token } = await challenge(request);
      const made = await page.evaluate(
        async ({ content, number }) => {
          const { cryptoPro } = window;
          const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0)).buffer;
          const [own] = await cryptoPro.getUserCertificates();
          const hash = await cryptoPro.createHash(bytes, { hashedAlgorithm: number });
          const thumbprint = own?.thumbprint ?? '';
          return {
            hash,
            detached: await cryptoPro.createDetachedSignature(thumbprint, hash, { hashedAlgorithm: number }),
            attached: await cryptoPro.createAttachedSignature(thumbprint, bytes),
          };
        },
        { content, number },
      );
      const expected = await hashOf(name, Buffer.from(content, 'base64'));
      expect(made.hash).toBe(expected.toString('hex').toUpperCase());
      expect(await judged(request, token, made.detached)).toMatchObject({ valid: true });
      const again = await challenge(request);
      expect(await judged(request, again.token, made.detached)).toMatchObject({ valid: false });
      await verifiedByOpenssl(own, Buffer.from(content, 'base64'), Buffer.from(made.attached, 'base64'), key !== 'ecdsa');
    });
  }

  test('refuses a hash that does not fit the key', async ({ page, sandbox, complaints }) => {
    complaints.expect(/Указан неправильный алгоритм/);
    const own = await testSignature(sandbox, OWNERS.director, { key: 'gost512' });
    await foreignClient(page, [own]);
    const words = await page.evaluate(async () => {
      const [own] = await window.cryptoPro.getUserCertificates();
      const hash = '00'.repeat(32);
      return window.cryptoPro
        .createDetachedSignature(own?.thumbprint ?? '', hash, { hashedAlgorithm: 101 })
        .then(() => 'signed', (error: Error) => error.message);
    });
    expect(words).toBe('Указан неправильный алгоритм');
  });
});

/** OpenSSL reads the attached signature and gives its content; for GOST where it has the engine. */
async function verifiedByOpenssl(own: TestSignature, content: Buffer, signature: Buffer, gost: boolean): Promise<void> {
  const engine = gost ? ['-engine', 'gost'] : [];
  if (gost && !(await run('openssl', ['engine', 'gost']).then(() => true, () => false))) {
    test.info().annotations.push({ type: 'skip', description: 'OpenSSL has no GOST engine: not verified by it' });
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'cabinet-cms-'));
  try {
    await writeFile(join(folder, 'signature'), signature);
    await writeFile(join(folder, 'chain.pem'), own.chain_pem);
    const { stdout } = await promisify(execFile)(
      'openssl',
      ['cms', '-verify', '-cades', '-binary', ...engine, '-purpose', 'any', '-inform', 'DER',
        '-in', join(folder, 'signature'), '-CAfile', join(folder, 'chain.pem')],
      { encoding: 'buffer' },
    );
    expect(stdout.equals(content)).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
