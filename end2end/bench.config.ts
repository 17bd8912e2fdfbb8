// Measurements of what runs in the browser; `cargo xtask bench` runs them, one at a time.

import usual from './playwright.config.ts';

export default {
  ...usual,
  testMatch: '*.bench.ts',
  workers: 1,
  timeout: 600_000,
  reporter: 'list',
  projects: [{ name: 'desktop', use: { viewport: { width: 1280, height: 800 } } }],
};
