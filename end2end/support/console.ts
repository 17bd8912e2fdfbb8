// A page that complains in its console is broken, whatever it looks like: every message of level
// error and every uncaught exception in any page of a context fails the test.

import type { BrowserContext } from '@playwright/test';

export class Complaints {
  readonly #seen: string[] = [];
  readonly #expected: RegExp[] = [];
  readonly #foreign: () => string;

  /** @param foreign the sandbox's address: its pages are not the product's */
  constructor(foreign: () => string) {
    this.#foreign = foreign;
  }

  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      const { url } = message.location();
      if (message.type() === 'error' && !url.startsWith(`${this.#foreign()}/`)) {
        this.#seen.push(`${message.text()} (${url})`);
      }
    });
    context.on('weberror', (error) => {
      this.#seen.push(`uncaught: ${error.error().stack ?? String(error.error())}`);
    });
  }

  /**
   * Lets messages pass that the test itself provokes, for example the browser's own
   * `net::ERR_INTERNET_DISCONNECTED` while the network is off.
   */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  unexpected(): string[] {
    return this.#seen.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
  }
}
