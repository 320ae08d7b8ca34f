import { expect, test } from '@playwright/test';
import { setting, signedIn, tell } from './figures.ts';

/** Long enough for every buffer on the way to be full. */
const FLOODS = 1_500;

test('Ctrl-C under a flood', async ({ browser }) => {
  const ana = await signedIn(browser, 'ana');
  const request = await ana.ask({ namespace: 'staging', length: '1h', reason: 'a flood is interrupted' });
  const terminal = await ana.openShell(request);
  const taken: number[] = [];
  while (taken.length < Number(setting('BENCH_TIMES'))) {
    await terminal.run('yes');
    await expect(terminal.rows().nth(5)).toHaveText(/^y\s*$/);
    await ana.page.waitForTimeout(FLOODS);
    // It waits before the key is pressed, and counts from when the page gets it.
    const prompt = await terminal.region.evaluateHandle((region) => ({ seen: new Promise<number>((resolve) => {
      let pressed = Infinity;
      addEventListener('keydown', (event) => {
        if (event.ctrlKey && event.key === 'c') pressed = performance.now();
      }, { capture: true });
      const look = () => {
        const rows = [...region.querySelectorAll('.xterm-rows > div')];
        const last = rows.map((row) => row.textContent?.trim()).filter(Boolean).at(-1) ?? '';
        const now = performance.now();
        if (now >= pressed && /[#$]$/.test(last)) resolve(now - pressed);
        else requestAnimationFrame(look);
      };
      look();
    }) }));
    await terminal.press('Control+c');
    taken.push(await prompt.evaluate(({ seen }) => seen));
    await terminal.run(`clear; echo sum $((${taken.length} + 40000))`);
    await terminal.shows(`sum ${taken.length + 40_000}`);
  }
  await terminal.run('exit');
  await terminal.isEnded('the shell exited with code');
  // xterm reports what it has to discard as an error.
  ana.complain();
  await tell(taken);
});
