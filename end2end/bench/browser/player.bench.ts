import { expect, test } from '@playwright/test';
import { setting, signedIn, tell } from './figures.ts';

const SEEKS = 20;
/** Comes to every part of a recording, and to none twice. */
const STRIDE = 7_919;

test('a long recording', async ({ browser }) => {
  const cleo = await signedIn(browser, 'cleo');
  const seconds = Number(setting('BENCH_HOURS')) * 3_600;
  await cleo.page.goto(`/recordings/${setting('BENCH_RECORDING')}`, { waitUntil: 'commit' });
  const player = cleo.page.locator('#player');
  // From the click, as the browser counts it, to the frame in which the screen stands.
  const first = await player.evaluate((player) => new Promise<number>((resolve) => {
    const look = () => {
      if ('ready' in (player as HTMLElement).dataset) requestAnimationFrame(() => resolve(performance.now()));
      else requestAnimationFrame(look);
    };
    look();
  }));
  await expect(player.locator('.xterm-rows')).toContainText('second 0:');

  const seeks: number[] = [];
  while (seeks.length < SEEKS) {
    const second = ((seeks.length + 1) * STRIDE) % seconds;
    seeks.push(await player.evaluate((player, second) => new Promise<number>((resolve) => {
      const range = player.querySelector<HTMLInputElement>('#player-seek');
      if (!range) throw new Error('there is no range');
      const sought = new RegExp(`second\\s${second}:`);
      const began = performance.now();
      range.value = String(second);
      range.dispatchEvent(new Event('input', { bubbles: true }));
      const look = () => {
        if (sought.test(player.querySelector('.xterm-rows')?.textContent ?? '')) resolve(performance.now() - began);
        else requestAnimationFrame(look);
      };
      look();
    }), second));
  }
  cleo.complain();
  await tell({ first, seeks });
});
