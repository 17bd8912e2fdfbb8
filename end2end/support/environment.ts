// What `cargo xtask e2e` says by its environment.

import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set: run the tests by \`cargo xtask e2e\``);
  }
  return value;
}

/** The `cabinet` program under test. */
export const binary = (): string => required('E2E_BINARY');

/** The folder that it serves: the optimised bundle. */
export const site = (): string => required('E2E_SITE');

/** The system's browser. */
export const chromium =
  process.env.E2E_CHROMIUM ??
  ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** Where reports, traces and pictures of failures go. */
export const output = process.env.E2E_OUTPUT ?? join(tmpdir(), 'cabinet-e2e');

/** Where pictures of every audited page go; without it none are taken. */
export const pictures = process.env.E2E_PICTURES;
