import type { Page } from '@playwright/test';
import { gone } from './support/portal.ts';
import type { Terminal } from './support/terminal.ts';
import { expect, test } from './support/test.ts';

test('a page that begins anew after much output gets a screen and what follows it', async ({ person }) => {
  const ana = await person('ana');
  const request = await ana.ask({ namespace: 'staging', reason: 'to read a long log' });
  const terminal = await ana.openShell(request);
  const { columns } = await terminal.size();
  await terminal.run('seq 1 400000; echo $((6*7)) is the end');
  await terminal.shows('42 is the end', { timeout: 60_000 });
  const before = terminal.received().length;

  await ana.page.reload();
  await terminal.isReady();
  await terminal.shows('400000');
  await terminal.shows('42 is the end');
  expect(terminal.screens).toBeGreaterThan(0);
  expect(terminal.received().length - before, 'not everything again').toBeLessThan(1_200_000);
  expect((await terminal.size()).columns, 'its own size again').toBe(columns);
});

test('a restart is announced, and the page that waited says what was lost', { tag: '@waits' }, async ({ person, portal }) => {
  const ana = await person('ana');
  ana.expects(gone, /status of [45]\d\d/);
  const request = await ana.ask({ namespace: 'staging', reason: 'the portal is upgraded meanwhile' });
  const terminal = await ana.openShell(request);
  await terminal.run('echo still $((6*7)) here');
  await terminal.shows('still 42 here');

  await portal.terminate();
  await expect(terminal.region.getByRole('alert')).toContainText('The portal restarts, this terminal ends in');
  expect(await portal.readiness()).toBe(503);
  await expect(terminal.region).toHaveAttribute('data-phase', 'restarting');
  await terminal.shows('still 42 here');

  await expect.poll(() => portal.readiness()).toBe(undefined);
  await portal.restart();
  await expect(terminal.region).toContainText('the shell was lost when the server stopped');
  await expectAnother(terminal, ana.page);
});

test('after a power failure the page that waited says what was lost, and one key opens another shell', async ({ person, portal }) => {
  const ana = await person('ana');
  ana.expects(gone, /status of [45]\d\d/);
  const request = await ana.ask({ namespace: 'staging', reason: 'the power will fail' });
  const terminal = await ana.openShell(request);
  await portal.kill();
  await expect(terminal.region).toHaveAttribute('data-phase', 'reconnecting');
  await portal.restart();
  await expect(terminal.region).toContainText('the shell was lost when the server stopped');
  await expectAnother(terminal, ana.page);
});

/** The key that opens another shell in the same container. */
async function expectAnother(terminal: Terminal, page: Page): Promise<void> {
  const lost = terminal.session;
  await expect(page.getByRole('button', { name: 'Open another shell' })).toBeVisible();
  // Pressed right at the end it was meant for the shell that is lost, and answers nothing.
  await page.waitForTimeout(1_000);
  await terminal.press('Enter');
  await expect(page).not.toHaveURL(new RegExp(lost));
  await terminal.isReady();
}
