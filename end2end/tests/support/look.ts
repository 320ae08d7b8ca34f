import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const axe: { source: string } = createRequire(import.meta.url)('axe-core');
const pictures = process.env.PICTURES ? fileURLToPath(new URL('../../test-results/pages/', import.meta.url)) : undefined;

export const phone = { width: 390, height: 844 };

/**
 * Holds a page in the state it is in against WCAG 2.2 AA, in light colours as it is and in dark
 * colours on a phone. With `PICTURES` set it leaves a picture of both in `test-results/pages`.
 */
export async function look(page: Page, name: string): Promise<void> {
  const wide = page.viewportSize();
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await check(page, `${name}, light`);
  if (pictures) await page.screenshot({ path: `${pictures}${name}.png` });
  await page.setViewportSize(phone);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await checkPhone(page, name);
  if (pictures) await page.screenshot({ path: `${pictures}${name}-phone.png`, fullPage: true });
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (wide) await page.setViewportSize(wide);
}

const everything = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Asks axe about a page as it is, with all rules unless some are named. */
export async function check(page: Page, name: string, rules = everything): Promise<void> {
  // The debugger brings the library: the page's own policy lets no such script in.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(async (rules) => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    const { violations } = await axe.run({ runOnly: rules, resultTypes: ['violations'], preload: false });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
  }, rules);
  expect.soft(found, `what axe finds: ${name}`).toEqual([]);
}

/** Asks what another width and other colours can change of a page that was checked before. */
export async function checkPhone(page: Page, name: string): Promise<void> {
  await check(page, `${name}, on a phone, dark`, ['color-contrast', 'target-size', 'scrollable-region-focusable', 'link-in-text-block']);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect.soft(width, `${name} is not wider than a phone`).toBeLessThanOrEqual(phone.width);
}
