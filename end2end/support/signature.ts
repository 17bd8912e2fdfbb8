// Test signatures of the sandbox's authority, and what other programs make of their keys.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Locator, type Page } from '@playwright/test';
import type { Sandbox } from './sandbox.ts';

const run = promisify(execFile);

/** People of the sandbox by СНИЛС, and the organisations for which they sign by ИНН. */
export const OWNERS = {
  director: { snils: '900-000-001 82', organisation_inn: '7799100017' },
  directorHerself: { snils: '900-000-001 82' },
  person: { snils: '900-000-006 87' },
} as const;

export type Owner = (typeof OWNERS)[keyof typeof OWNERS];

export interface TestSignature {
  serial: string;
  subject: string;
  /** The container, base64. */
  pfx: string;
  password: string;
  /** The key as PKCS #8, base64. */
  private_key: string;
  certificate_pem: string;
  /** The issuing authority's certificate and the root's. */
  chain_pem: string;
}

export interface Wanted {
  key?: 'gost256' | 'gost512' | 'ecdsa';
  days?: number;
  expired?: boolean;
}

/** «Получить тестовую подпись». */
export function testSignature(sandbox: Sandbox, owner: Owner, wanted: Wanted = {}): Promise<TestSignature> {
  return sandbox.ask<TestSignature>('ca/signature', { ...owner, ...wanted });
}

/** Chooses a way of signing by its name. */
export async function choose(scope: Locator, way: string): Promise<void> {
  await scope.getByRole('radio', { name: way }).check();
}

export const CONTAINER = 'Файл ключевого контейнера (PFX)';
export const ELSEWHERE = 'Подпись из другой программы';
export const PLUGIN = 'КриптоПро (плагин)';

/** Opens a key container in the form that asks for it, and waits for its certificate. */
export async function openContainer(
  scope: Locator,
  { pfx, password }: Pick<TestSignature, 'pfx' | 'password'>,
  pin?: string,
): Promise<void> {
  await giveContainer(scope, pfx, password, pin);
  await expect(scope.getByRole('group', { name: 'Сертификат', exact: true })).toBeVisible({ timeout: 30_000 });
}

/** Fills the form and presses the button. */
export async function giveContainer(
  scope: Locator,
  pfx: string,
  password: string,
  pin?: string,
): Promise<void> {
  await scope.getByLabel('Ключевой контейнер').setInputFiles({
    name: 'подпись.pfx',
    mimeType: 'application/x-pkcs12',
    buffer: Buffer.from(pfx, 'base64'),
  });
  await expect(scope.getByText('Выбран файл подпись.pfx')).toBeVisible();
  await scope.getByLabel('Пароль контейнера').fill(password);
  if (pin !== undefined) {
    await scope.getByRole('checkbox', { name: 'Хранить на этом устройстве' }).check();
    await scope.getByLabel('Новый ПИН-код').fill(pin);
  }
  await scope.getByRole('button', { name: 'Открыть контейнер' }).click();
}

/** A detached CAdES-BES signature by OpenSSL with the key of an ECDSA container, DER. */
export async function opensslSign({ pfx, password, certificate_pem, chain_pem }: TestSignature, content: Buffer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'cabinet-sign-'));
  const file = (name: string): string => join(folder, name);
  try {
    await writeFile(file('key.pfx'), Buffer.from(pfx, 'base64'));
    await writeFile(file('content'), content);
    await run('openssl', ['pkcs12', '-in', file('key.pfx'), '-passin', `pass:${password}`, '-nodes',
      '-out', file('all.pem')]);
    await writeFile(file('own.pem'), certificate_pem);
    await writeFile(file('chain.pem'), chain_pem);
    await run('openssl', ['cms', '-sign', '-cades', '-binary', '-md', 'sha256', '-in', file('content'),
      '-signer', file('own.pem'), '-inkey', file('all.pem'), '-certfile', file('chain.pem'),
      '-outform', 'DER', '-out', file('signature')]);
    return await readFile(file('signature'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The dialog of a document. */
export function dialogOf(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Подписание и отправка' });
}
