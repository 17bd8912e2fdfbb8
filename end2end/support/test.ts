// The tests' own `test`: a cabinet for each worker, a watch over the console, the sandbox.
//
//     import { expect, test } from './support/test.ts';
//
//     test('…', async ({ page, signIn, gotoHydrated, audit, sandbox, complaints }) => { … });

import { type BrowserContext, type Page, test as base } from '@playwright/test';
import { Cabinet, type CabinetOptions } from './cabinet.ts';
import { Complaints } from './console.ts';
import * as pages from './pages.ts';
import { Sandbox, type PersonKey } from './sandbox.ts';

interface TestFixtures {
  /** Messages of the consoles; `complaints.expect(/…/)` for those that the test provokes. */
  complaints: Complaints;
  /** The sandbox of the worker's cabinet. */
  sandbox: Sandbox;
  /** Opens a page of the cabinet and waits until it is hydrated. */
  gotoHydrated: (url: string) => Promise<void>;
  signIn: (person: PersonKey, cabinet?: string) => Promise<void>;
  /** Audits the page by axe, in light and dark. */
  audit: () => Promise<void>;
  /** Another browser, with a person signed in; closed at the end. */
  another: (person: PersonKey, baseURL?: string) => Promise<{ page: Page; context: BrowserContext }>;
  /** Starts a cabinet of the test's own, to be killed or set otherwise; removed at the end. */
  ownCabinet: (options?: CabinetOptions) => Promise<Cabinet>;
}

interface WorkerFixtures {
  /** Shared by the tests of a worker: a test must not rely on what another left. */
  cabinet: Cabinet;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  cabinet: [
    async ({}, use) => {
      const cabinet = await Cabinet.start();
      await use(cabinet);
      await cabinet.dispose();
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ cabinet }, use) => {
    await use(cabinet.url);
  },

  complaints: [
    async ({ cabinet }, use) => {
      const complaints = new Complaints(() => cabinet.sandboxUrl);
      await use(complaints);
      const unexpected = complaints.unexpected();
      if (unexpected.length > 0) {
        throw new Error(`The console complained:\n${unexpected.join('\n')}`);
      }
    },
    { auto: true },
  ],

  context: async ({ context, complaints, cabinet }, use, testInfo) => {
    complaints.watch(context);
    await use(context);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('cabinet.log', { body: cabinet.log(), contentType: 'text/plain' });
    }
  },

  sandbox: async ({ request, cabinet }, use) => {
    await use(new Sandbox(request, () => cabinet.sandboxUrl));
  },

  gotoHydrated: async ({ page }, use) => {
    await use((url) => pages.gotoHydrated(page, url));
  },

  signIn: async ({ page }, use) => {
    await use((person, cabinet) => pages.signIn(page, person, cabinet));
  },

  audit: async ({ page }, use, testInfo) => {
    await use(() => pages.auditBoth(page, testInfo));
  },

  another: async ({ browser, baseURL, complaints }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (person, address) => {
      const context = await browser.newContext({ baseURL: address ?? baseURL ?? '' });
      opened.push(context);
      complaints.watch(context);
      const page = await context.newPage();
      await pages.signIn(page, person);
      return { page, context };
    });
    await Promise.all(opened.map((context) => context.close()));
  },

  ownCabinet: async ({}, use) => {
    const started: Cabinet[] = [];
    await use(async (options) => {
      const cabinet = await Cabinet.start(options);
      started.push(cabinet);
      return cabinet;
    });
    await Promise.all(started.map((cabinet) => cabinet.dispose()));
  },
});

export { expect } from '@playwright/test';
