import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const axe: { source: string } = createRequire(import.meta.url)('axe-core');
const pictures = fileURLToPath(new URL('../../test-results/pages/', import.meta.url));

export const phone = { width: 390, height: 844 };

/**
 * Holds a page in the state it is in against WCAG 2.2 AA, in light colours as it is and in dark
 * colours on a phone, and leaves a picture of both in `test-results/pages`.
 */
export async function look(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  const wide = page.viewportSize();
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await check(page, `${name}, light`);
  await page.screenshot({ path: `${pictures}${name}.png` });
  await page.setViewportSize(phone);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await check(page, `${name}, on a phone, dark`);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect.soft(width, `${name} is not wider than a phone`).toBeLessThanOrEqual(phone.width);
  await page.screenshot({ path: `${pictures}${name}-phone.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (wide) await page.setViewportSize(wide);
}

/** Asks axe about a page as it is. The library is given to it by the debugger: the page's own policy lets no such script in. */
export async function check(page: Page, name: string): Promise<void> {
  await page.evaluate(`window.axe ?? ${axe.source}`);
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await axe.run({ runOnly: tags, resultTypes: ['violations'], preload: false });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
  });
  expect.soft(found, `what axe finds: ${name}`).toEqual([]);
}
