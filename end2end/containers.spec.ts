// Key containers that other programs made, and files that are none.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { gotoHydrated } from './support/pages.ts';
import { choose, CONTAINER, giveContainer, openContainer, OWNERS, testSignature } from './support/signature.ts';
import { expect, test } from './support/test.ts';

const run = promisify(execFile);
const PASSWORD = 'пароль № 7';

let folder = '';
const file = (name: string): string => join(folder, name);
const openssl = (...command: string[]): Promise<unknown> => run('openssl', command);

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinet-pfx-'));
});

test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test.beforeEach(() => {
  test.setTimeout(240_000);
});

/** The subject of a certificate of the director of «Ромашка-Экспорт», by order № 795 of the FSB. */
const OWNER = `
[ req ]
prompt = no
string_mask = utf8only
utf8 = yes
distinguished_name = name
[ name ]
C = RU
O = ООО Ромашка-Экспорт
CN = Берёзкина Анна
# СНИЛС of the person, ИНН of the organisation; what stands before the first dot is dropped
number.1.2.643.100.3 = 90000000182
number.1.2.643.100.4 = 7799100017
[ usage ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ authority ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;

/** A container of OpenSSL, base64, with the extra arguments that say how it is protected. */
async function exported(name: string, certificate: string, chain: string, ...how: string[]): Promise<string> {
  await openssl('pkcs12', '-export', '-inkey', file(`${name}.key`), '-in', certificate, '-certfile', chain,
    '-passout', `pass:${PASSWORD}`, '-out', file(`${name}.pfx`), ...how);
  return (await readFile(file(`${name}.pfx`))).toString('base64');
}

/** «Проверить ЭП» with a key container asked for. */
async function checking(page: Page, address = ''): Promise<Locator> {
  await gotoHydrated(page, `${address}/signature-check`);
  const form = page.getByRole('region', { name: 'Проверочная подпись' });
  await choose(form, CONTAINER);
  return form;
}

const check = (form: Locator): Promise<void> => form.getByRole('button', { name: 'Подписать и проверить' }).click();

test('an RSA container of OpenSSL signs where its authority is trusted, and is refused where it is not', async ({ page, ownCabinet, audit }) => {
  await writeFile(file('owner.cnf'), OWNER);
  const extensions = (section: string): string[] => ['-extfile', file('owner.cnf'), '-extensions', section];
  await openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', file('root.key'), '-out', file('root.pem'),
    '-subj', '/CN=RSA Root', '-days', '30', '-config', file('owner.cnf'), '-extensions', 'authority');
  await openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', file('rsa.key'), '-out', file('rsa.csr'),
    '-config', file('owner.cnf'));
  await openssl('x509', '-req', '-in', file('rsa.csr'), '-CA', file('root.pem'), '-CAkey', file('root.key'),
    '-CAcreateserial', '-days', '10', '-sha256', '-out', file('rsa.pem'), ...extensions('usage'));
  const pfx = await exported('rsa', file('rsa.pem'), file('root.pem'));

  const form = await checking(page);
  await giveContainer(form, pfx, 'не тот пароль');
  await expect(form.getByRole('alert')).toContainText('Пароль контейнера не подошёл', { timeout: 30_000 });
  await openContainer(form, { pfx, password: PASSWORD });
  await expect(form.getByRole('radio', { name: /Берёзкина Анна.*RSA/ })).toBeFocused();
  await audit();
  await check(form);
  await expect(page.getByText('Подпись не прошла проверку')).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('[data-code="chain"][data-outcome="failed"] .check-remedy')).toBeVisible();
  await expect(page.locator('[data-code="signature"]')).toHaveAttribute('data-outcome', 'ok');

  await mkdir(file('trust/roots'), { recursive: true });
  await writeFile(file('trust/roots/rsa.pem'), await readFile(file('root.pem')));
  const cabinet = await ownCabinet({ settings: { CABINET_AUTHORITY_FOLDER: file('trust') } });
  const trusted = await checking(page, cabinet.url);
  await openContainer(trusted, { pfx, password: PASSWORD });
  await check(trusted);
  await expect(page.getByText('Подпись подходит для работы с таможней')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('RSA, SHA-256').first()).toBeVisible();
});

for (const [how, protection] of [
  ['AES-256 and PBKDF2', []],
  ['triple DES, as older programs export', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
] as const) {
  test(`an EC container of OpenSSL signs: ${how}`, async ({ page, request, cabinet }) => {
    const name = `ec${protection.length}`;
    await openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
      '-keyout', file(`${name}.key`), '-out', file(`${name}.csr`), '-subj', '/CN=EC', '-sha256');
    const csr = await readFile(file(`${name}.csr`), 'utf8');
    const response = await request.post(`${cabinet.sandboxUrl}/ca/certificates`, { data: { csr, ...OWNERS.director } });
    expect(response.ok(), await response.text()).toBe(true);
    const issued = (await response.json()) as { certificate_pem: string; chain_pem: string };
    await writeFile(file(`${name}.pem`), issued.certificate_pem);
    await writeFile(file(`${name}.chain`), issued.chain_pem);
    const pfx = await exported(name, file(`${name}.pem`), file(`${name}.chain`), ...protection);
    const form = await checking(page);
    await openContainer(form, { pfx, password: PASSWORD });
    await check(form);
    await expect(page.getByText('Подпись подходит для работы с таможней')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('ECDSA, SHA-256').first()).toBeVisible();
  });
}

test('an expired certificate is marked before it is used, and refused after', async ({ page, sandbox }) => {
  const expired = await testSignature(sandbox, OWNERS.director, { key: 'ecdsa', expired: true });
  const form = await checking(page);
  await openContainer(form, expired);
  await expect(form.getByRole('radio', { name: /срок истёк/ })).toBeChecked();
  await expect(form.getByText('подпись им не примут')).toBeVisible();
  await check(form);
  await expect(page.locator('[data-code="dates"][data-outcome="failed"] .check-remedy')).toBeVisible({ timeout: 30_000 });
});

test('files that are no containers are told apart, however large, and nothing is lost', async ({ page, sandbox }) => {
  const right = await testSignature(sandbox, OWNERS.director);
  const form = await checking(page);
  const refused = async (words: string): Promise<void> => {
    await form.getByRole('button', { name: 'Открыть контейнер' }).click();
    await expect(form.getByRole('alert')).toContainText(words, { timeout: 60_000 });
  };
  const give = async (path: string): Promise<void> => {
    await form.getByLabel('Ключевой контейнер').setInputFiles(path);
    await expect(form.getByText(`Выбран файл ${path.split('/').pop()}`)).toBeVisible();
  };
  await form.getByLabel('Пароль контейнера').fill(right.password);
  await writeFile(file('письмо.pfx'), 'Это письмо, а не контейнер.');
  await give(file('письмо.pfx'));
  await refused('Это не ключевой контейнер');

  // Fifty megabytes of nothing under the head of a container that promises as much.
  const head = Buffer.from('30840320000002010330', 'hex');
  const large = await open(file('большой.pfx'), 'w');
  await large.write(head);
  await large.truncate(50 << 20);
  await large.close();
  await give(file('большой.pfx'));
  await refused('онтейнер');

  // A container that was cut short.
  const whole = Buffer.from(right.pfx, 'base64');
  await writeFile(file('обрезан.pfx'), whole.subarray(0, whole.length / 2));
  await give(file('обрезан.pfx'));
  await refused('онтейнер');

  await writeFile(file('верный.pfx'), whole);
  await give(file('верный.pfx'));
  await expect(form.getByLabel('Пароль контейнера')).toHaveValue(right.password);
  await form.getByRole('button', { name: 'Открыть контейнер' }).click();
  await expect(form.getByRole('radio', { name: /Берёзкина/ })).toBeChecked({ timeout: 30_000 });
});
