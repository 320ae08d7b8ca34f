import type { Page } from '@playwright/test';
import { ofSession, processes } from './support/cluster.ts';
import { look } from './support/look.ts';
import { Terminal } from './support/terminal.ts';
import { expect, test } from './support/test.ts';

/** Asks how many bytes a page's scripts use, once what they let go of is gone. */
async function heapOf(page: Page): Promise<() => Promise<number>> {
  const debuggers = await page.context().newCDPSession(page);
  await debuggers.send('Performance.enable');
  return async () => {
    await debuggers.send('HeapProfiler.collectGarbage');
    const { metrics } = await debuggers.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
  };
}

test('several terminals stand side by side, and wait for each other', { tag: '@waits' }, async ({ person }) => {
  const ana = await person('ana');
  const { page } = ana;
  const request = await ana.ask({ namespace: 'staging', reason: 'one to look and one to act' });
  const terminal = await ana.openShell(request);
  const first = terminal.session;
  await terminal.run('mine=first');
  const tabs = page.getByRole('navigation', { name: 'Terminals' });

  await test.step('the plus opens another in the same place', async () => {
    await tabs.getByRole('link', { name: 'Another shell' }).click();
    await page.getByRole('button', { name: 'Open shell in web of web' }).first().click();
    await terminal.isReady();
    expect(terminal.session).not.toBe(first);
    await terminal.run('mine=second; echo this is the $mine');
    await terminal.shows('this is the second');
    await expect(tabs.getByRole('listitem')).toHaveCount(2);
    await look(page, 'session-tabs');
  });
  const second = terminal.session;

  await test.step('the first waits for longer than the grace time, because ana is here', async () => {
    await terminal.run('sleep 14; echo waited $((6*7))');
    await terminal.shows('waited 42', { timeout: 30_000 });
    expect(await ofSession(await terminal.container('staging'), first)).not.toEqual([]);
  });

  await test.step('a key leads to it and back', async () => {
    await terminal.press('Control+Shift+PageUp');
    await page.waitForURL(`**/sessions/${first}`);
    await terminal.isReady();
    await expect(terminal.input).toBeFocused();
    await terminal.run('echo back in the $mine');
    await terminal.shows('back in the first');
    await page.keyboard.press('Control+Shift+PageDown');
    await page.waitForURL(`**/sessions/${second}`);
    await terminal.isReady();
    await terminal.shows('this is the second');
  });

  await test.step('one that ended is gone from the tabs of the other', async () => {
    const other = await page.context().newPage();
    const elsewhere = new Terminal(other);
    await other.goto(`/sessions/${first}`);
    await elsewhere.isReady();
    await elsewhere.run('exit');
    await elsewhere.isEnded('the shell exited with code 0');
    await expect(other.getByRole('navigation', { name: 'Terminals' }).getByRole('listitem'), 'its own tab stays').toHaveCount(2);
    await expect(tabs.getByRole('listitem')).toHaveCount(1);
  });
});

test('what is left is said in time, and stays until it is read', { tag: '@waits' }, async ({ person }) => {
  const ana = await person('ana');
  const { page } = ana;
  const request = await ana.ask({ namespace: 'staging', length: '15m', reason: 'to see the time pass' });
  await page.clock.install();
  const terminal = await ana.openShell(request);
  const warning = terminal.region.getByRole('alert');
  const dismiss = terminal.region.getByRole('button', { name: 'Dismiss' });
  await expect(terminal.region).toContainText(/1[45] min left/);

  await page.clock.fastForward('05:00');
  await expect(warning).toHaveText('10 min left');
  // The page's clock went ahead; what the server says is later by that, as when time was added.
  await expect(warning).toHaveText(/^Extended to \d\d:\d\d: 1[45] min left$/, { timeout: 20_000 });
  await look(page, 'session-extended');
  await dismiss.click();
  await expect(warning).toBeHidden();
  await page.clock.fastForward('14:00');
  await expect(warning).toHaveText(/^1 min left: then the shell ends/);
  await look(page, 'session-last-minute');
});

// One flood at a time is what these are about.
test.describe.configure({ mode: 'default' });

test('a flood neither freezes a tab nor grows it, and Ctrl-C gets through it', async ({ person }) => {
  const ana = await person('ana');
  const { page } = ana;
  const request = await ana.ask({ namespace: 'staging', reason: 'a log that does not end' });
  const terminal = await ana.openShell(request);
  const container = await terminal.container('staging');
  const heap = await heapOf(page);
  await terminal.run('yes 0123456789012345678901234567890123456789012345678');
  await expect.poll(() => terminal.bytes, { timeout: 30_000 }).toBeGreaterThan(500_000);
  const before = await heap();
  // What the page cannot draw in time is skipped: it gets a screen, and what follows it.
  await expect.poll(() => terminal.screens, { timeout: 60_000 }).toBeGreaterThan(3);
  const asked = Date.now();
  await page.evaluate(() => new Promise(requestAnimationFrame));
  expect(Date.now() - asked, 'the next frame comes').toBeLessThan(2_000);
  expect(await heap() - before).toBeLessThan(8_000_000);
  await terminal.press('Control+C');
  await expect.poll(() => processes(container), { timeout: 5_000 }).not.toContain('yes 0123');
  // What was on its way comes first.
  await terminal.shows('^C');
  await terminal.run('echo alive $((6*7))');
  await terminal.shows('alive 42');
});

test('a page that nobody sees draws nothing and grows by nothing, and catches up', async ({ person }) => {
  const ana = await person('ana');
  const { page } = ana;
  const request = await ana.ask({ namespace: 'staging', reason: 'to look away for a while' });
  const terminal = await ana.openShell(request);
  const heap = await heapOf(page);
  /** What a browser does with a tab that is covered: it says so, and gives it no frames. */
  const cover = (covered: boolean) => page.evaluate((covered) => {
    const page = window as unknown as { frames_: typeof requestAnimationFrame; waiting: FrameRequestCallback[] };
    page.frames_ ??= window.requestAnimationFrame.bind(window);
    page.waiting ??= [];
    window.requestAnimationFrame = covered ? (draw) => page.waiting.push(draw) : page.frames_;
    for (const draw of covered ? [] : page.waiting.splice(0)) page.frames_(draw);
    const own = { hidden: covered, visibilityState: covered ? 'hidden' : 'visible' };
    for (const [name, value] of Object.entries(own)) Object.defineProperty(document, name, { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, covered);

  await terminal.type('yes 0123456789012345678901234567890123456789012345678 | head -c 40000000; echo flooded $((40+2))');
  await cover(true);
  const before = await heap();
  await terminal.press('Enter');
  const began = Date.now();
  await expect.poll(() => terminal.received().length, { timeout: 30_000 }).toBeGreaterThan(1_000_000);
  const seconds = (Date.now() - began) / 1000;
  expect(terminal.received().length, 'a window for every two seconds').toBeLessThan((2 + seconds / 2) * 600_000);
  expect(await heap() - before).toBeLessThan(8_000_000);
  expect(await terminal.rows().filter({ hasText: /^0123456789/ }).count(), 'nothing was drawn').toBe(0);
  await cover(false);
  await terminal.shows('flooded 42', { timeout: 60_000 });
  expect(await heap() - before).toBeLessThan(16_000_000);
  await terminal.run('echo alive $((6*7))');
  await terminal.shows('alive 42');
});
