// A page that complains in its console is broken, whatever it looks like: every message of level
// error and every uncaught exception in any page of a context fails the test.

import type { BrowserContext } from '@playwright/test';

export class Complaints {
  readonly #seen: string[] = [];
  readonly #expected: RegExp[] = [];

  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() === 'error') {
        this.#seen.push(`${message.text()} (${message.location().url})`);
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
