// What a person does on any page: open it and wait until it is alive, sign in, look whether
// everybody can use it.

import { basename, join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, type TestInfo } from '@playwright/test';
import { pictures } from './environment.ts';
import { PERSONS, type PersonKey } from './sandbox.ts';

/** Waits until the client has taken over the page that the server rendered. */
export async function hydrated(page: Page): Promise<void> {
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached', timeout: 30_000 });
}

export async function gotoHydrated(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await hydrated(page);
}

/**
 * Audits the page as it is now by axe: WCAG 2.2 A and AA and best practices, contrast included, or
 * these rules alone. The failure names each rule, the element and what would be right.
 */
export async function audit(page: Page, rules: string[] = []): Promise<void> {
  // The pages have no frames that would need a page of axe's own.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (rules.length === 0 ? axe : axe.withRules(rules)).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')}\n${node.failureSummary ?? ''}`),
  );
  expect(found, `accessibility of ${page.url()}`).toEqual([]);
}

/** Audits in both colour schemes, of which one differs by its colours alone, and takes pictures of both when somebody wants to look. */
export async function auditBoth(page: Page, test: TestInfo): Promise<void> {
  for (const [colorScheme, rules] of [['light', []], ['dark', ['color-contrast']]] as const) {
    await page.emulateMedia({ colorScheme });
    await audit(page, [...rules]);
    if (pictures !== undefined) await page.screenshot({ path: picture(test, colorScheme), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: null });
}

/** `desktop/pages/the-page-sign-in.1.dark.png`, numbered within the test. */
function picture(test: TestInfo, scheme: string): string {
  const spec = basename(test.file, '.spec.ts');
  const title = test.title.replaceAll(/[^\p{L}\d]+/gu, '-').replaceAll(/^-|-$/g, '');
  const taken = test.annotations.filter(({ type }) => type === `picture ${scheme}`).length + 1;
  test.annotations.push({ type: `picture ${scheme}`, description: String(taken) });
  return join(pictures ?? '', test.project.name, spec, `${title}.${taken}.${scheme}.png`);
}

/** Chooses a person on the sandbox's sign-in page of Gosuslugi, which must be open. */
export async function choosePerson(page: Page, person: PersonKey): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${PERSONS[person].surname}`) }).click();
}

/**
 * Signs in through Gosuslugi and, where there is a choice, enters a cabinet.
 *
 * @param cabinet a part of the cabinet's name instead of the person's usual one
 */
export async function signIn(page: Page, person: PersonKey, cabinet?: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Войти через Госуслуги' }).click();
  await choosePerson(page, person);
  await page.waitForURL((url) => !url.pathname.startsWith('/sandbox') && !url.pathname.startsWith('/aas'));
  if (new URL(page.url()).pathname === '/sign-in/role') {
    await page.getByRole('button', { name: cabinet ?? PERSONS[person].cabinet }).first().click();
    await page.waitForURL((url) => url.pathname !== '/sign-in/role');
  }
}

/** Follows «Войти снова» of a locked screen into a new tab, and through Gosuslugi there. */
export async function signInAgain(page: Page, person: PersonKey): Promise<Page> {
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'Войти снова' }).click(),
  ]);
  await choosePerson(tab, person);
  return tab;
}
