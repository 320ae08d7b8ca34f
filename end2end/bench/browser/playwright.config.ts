import base, { browser } from '../../playwright.config.ts';

/** What is measured in a browser is measured alone. */
export default {
  ...base,
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: '../../test-results/bench',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 600_000,
  // What people use.
  use: { ...base.use, launchOptions: browser('/usr/bin/chromium', '/usr/bin/chromium-headless-shell') },
};
