import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const root = process.getuid?.() === 0;

/** The first of the system's browsers that is there; `CHROMIUM` names another. */
export const browser = (...paths: string[]) => ({
  executablePath: process.env.CHROMIUM ?? paths.find((path) => existsSync(path)),
  args: root ? ['--no-sandbox'] : [],
});

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // Each test has a portal and a provider of its own. Those that wait most of their time stand
  // beside two that keep two cores busy.
  fullyParallel: true,
  workers: 3,
  projects: [
    { name: 'busy', grepInvert: /@waits/, workers: 2 },
    { name: 'waits', grep: /@waits/, workers: 1 },
  ],
  forbidOnly: process.env.CI !== undefined,
  timeout: 150_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    // The same engine, without the window around it, takes two thirds of the time.
    launchOptions: browser('/usr/bin/chromium-headless-shell', '/usr/bin/chromium'),
  },
});
