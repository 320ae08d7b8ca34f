import { defineConfig } from '@playwright/test';

const root = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // Each test has a portal and a provider of its own; half of them wait for a deadline.
  fullyParallel: true,
  // A machine that does other work may be too slow once; a second failure is a finding.
  retries: process.env.CI ? 1 : 0,
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  timeout: 150_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: root ? ['--no-sandbox'] : [],
    },
  },
});
