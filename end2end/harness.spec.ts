// The tests' own tools: what the other specs rely on must be able to fail.

import { expect, test } from './support/test.ts';

test('an error in the console fails a test @desktop', async ({ page, gotoHydrated }) => {
  test.fail();
  await gotoHydrated('/sign-in');
  await page.evaluate(() => console.error('on purpose'));
});

test('an uncaught exception fails a test @desktop', async ({ page, gotoHydrated }) => {
  test.fail();
  await gotoHydrated('/sign-in');
  const thrown = page.waitForEvent('pageerror');
  await page.evaluate(() => void setTimeout(() => { throw new Error('on purpose'); }));
  await thrown;
});

test('an inaccessible page fails its audit @desktop', async ({ page, gotoHydrated, audit }) => {
  await gotoHydrated('/sign-in');
  await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')));
  await expect(audit()).rejects.toThrow(/button-name/);
});

test('a killed cabinet comes back on the same address @desktop', async ({ ownCabinet, request }) => {
  const cabinet = await ownCabinet();
  const { url, sandboxUrl } = cabinet;
  await cabinet.kill();
  await expect(request.get(`${url}/health/live`)).rejects.toThrow(/ECONNREFUSED/);
  await cabinet.start();
  expect([cabinet.url, cabinet.sandboxUrl]).toEqual([url, sandboxUrl]);
  expect((await request.get(`${url}/health/live`)).status()).toBe(200);
});
