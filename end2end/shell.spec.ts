// The walls of the house: a page that the server renders and the client brings to life, and the
// files that it is made of.

import type { APIResponse } from '@playwright/test';
import { expect, test } from './support/test.ts';

interface Assets {
  js: { href: string };
  wasm: { href: string };
  styles: { href: string }[];
  preloads: { href: string }[];
  worker: { href: string };
  precache: string[];
}

const TYPES: Record<string, RegExp> = {
  js: /^text\/javascript/,
  wasm: /^application\/wasm$/,
  css: /^text\/css/,
};

const header = (response: APIResponse, name: string): string => response.headers()[name] ?? '';

test('the sign-in page is rendered, comes to life and is usable by everybody', async ({
  page,
  gotoHydrated,
  audit,
}) => {
  await gotoHydrated('/sign-in');
  await expect(page.getByRole('main')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('link', { name: 'Войти через Госуслуги' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ru');
  await audit();
});

test('the sign-in page says the same without scripts @nojs', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Войти через Госуслуги' })).toBeVisible();
});

test('nothing on the sign-in page is wider than a phone @phone', async ({ page, gotoHydrated }) => {
  await gotoHydrated('/sign-in');
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});

test('every file of the bundle is served for ever, compressed, with its type @desktop', async ({
  request,
}) => {
  const manifest = await request.get('/pkg/assets.json');
  expect(manifest.status()).toBe(200);
  expect(header(manifest, 'cache-control')).not.toContain('immutable');
  const assets = (await manifest.json()) as Assets;
  const named = [assets.js, assets.wasm, ...assets.styles, ...assets.preloads].map((a) => a.href);
  // The signing engine is fetched when somebody signs, not before.
  expect(assets.precache.toSorted()).toEqual(named.toSorted());
  for (const href of [...named, assets.worker.href]) {
    for (const encoding of ['br', 'gzip', 'identity']) {
      const response = await request.get(href, { headers: { 'Accept-Encoding': encoding } });
      const what = `${href} as ${encoding}`;
      expect(response.status(), what).toBe(200);
      expect(header(response, 'cache-control'), what).toMatch(/max-age=31536000.*immutable/);
      expect(header(response, 'x-content-type-options'), what).toBe('nosniff');
      expect(header(response, 'content-type'), what).toMatch(TYPES[href.split('.').pop() ?? ''] ?? /^$/);
      expect(header(response, 'content-encoding'), what).toBe(encoding === 'identity' ? '' : encoding);
    }
  }
});

test('whatever a page refers to is there @desktop', async ({ page, gotoHydrated, baseURL }) => {
  const answers = new Map<string, number>();
  page.on('response', (response) => answers.set(response.url(), response.status()));
  await gotoHydrated('/sign-in');
  const referred = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('link[href], script[src], img[src]')].map(
      (element) => new URL(element.getAttribute('href') ?? element.getAttribute('src') ?? '', location.href).href,
    ),
  );
  expect(referred.some((url) => url.endsWith('.css'))).toBe(true);
  expect(referred.some((url) => url.endsWith('.wasm'))).toBe(true);
  for (const url of referred) {
    const status = answers.get(url) ?? (await page.request.get(url)).status();
    expect(status, url).toBe(200);
  }
  for (const [url, status] of answers) {
    expect(url.startsWith(baseURL ?? ''), `${url} is not ours`).toBe(true);
    expect(status, url).toBeLessThan(400);
  }
});

test('files at the root have their types and are asked for anew @desktop', async ({ request }) => {
  for (const [path, type] of [
    ['/sw.js', /^text\/javascript/],
    ['/manifest.webmanifest', /^application\/manifest\+json/],
    ['/favicon.svg', /^image\/svg\+xml/],
    ['/robots.txt', /^text\/plain/],
  ] as const) {
    const response = await request.get(path);
    expect(response.status(), path).toBe(200);
    expect(header(response, 'content-type'), path).toMatch(type);
    expect(header(response, 'cache-control'), path).not.toContain('immutable');
  }
  expect(header(await request.get('/sw.js'), 'cache-control')).toContain('no-cache');
});

test('icons of the manifest exist in the size that it says @desktop', async ({ page, request, baseURL }) => {
  const manifest = (await (await request.get('/manifest.webmanifest')).json()) as {
    icons: { src: string; sizes: string }[];
  };
  expect(manifest.icons.length).toBeGreaterThan(1);
  await page.goto('/sign-in');
  for (const icon of manifest.icons) {
    const source = new URL(icon.src, baseURL).href;
    const size = await page.evaluate(async (src) => {
      const image = new Image();
      image.src = src;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, source);
    if (icon.sizes !== 'any') expect(size, icon.src).toBe(icon.sizes);
  }
});

test('a page that does not exist is a page of the portal', async ({ page, audit, complaints }) => {
  complaints.expect(/status of 404/);
  const response = await page.goto('/no-such-page');
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await audit();
});

test('works on the portal are announced on every page until they are called off', async ({ page, ownCabinet, audit, complaints }) => {
  complaints.expect(/status of 404/);
  const cabinet = await ownCabinet();
  const day = (ahead: number): string =>
    new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
  const works = ['--from', `${day(14)}T22:00`, '--until', `${day(15)}T02:00`];
  await expect(
    cabinet.run('maintenance', 'announce', '--from', `${day(0)}T22:00`, ...works.slice(2), '--text', 'Сегодня'),
  ).rejects.toThrow(/two working days/);
  const told = await cabinet.run('maintenance', 'announce', ...works, '--text', 'Обновление базы данных.');
  for (const address of ['/sign-in', '/no-such-page']) {
    await page.goto(`${cabinet.url}${address}`);
    const banner = page.getByRole('complementary', { name: 'Работы на портале' });
    await expect(banner).toContainText('Обновление базы данных.');
    await expect(banner).toContainText('22:00');
    await audit();
  }
  await cabinet.run('maintenance', 'cancel', told.split(' ')[0] ?? '');
  await page.goto(`${cabinet.url}/sign-in`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('Обновление базы данных.')).toBeHidden();
});

test('without a network a page says so in the look of the portal', async ({ page, context, gotoHydrated, audit, complaints }) => {
  complaints.expect(/ERR_INTERNET_DISCONNECTED|Failed to fetch/);
  await gotoHydrated('/sign-in');
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await context.setOffline(true);
  await page.goto('/services');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Нет связи с кабинетом');
  await audit();
  await context.setOffline(false);
  await page.goto('/sign-in');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Вход');
});
