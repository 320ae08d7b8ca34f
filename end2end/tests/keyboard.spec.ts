import type { Locator, Page } from '@playwright/test';
import { look } from './support/look.ts';
import { Terminal } from './support/terminal.ts';
import { expect, test } from './support/test.ts';

/** Presses Tab until something has the focus. */
async function reach(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeAttached();
  for (let presses = 0; presses < 80; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${wanted}`);
}

test('from request to shell and out of it again, by keyboard alone', async ({ person }) => {
  const [ana, ben] = [await person('ana'), await person('ben')];
  const { page } = ana;

  await test.step('the first Tab offers to skip the navigation', async () => {
    await page.goto('/');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  });

  await test.step('ana asks', async () => {
    await reach(page, ana.row('payments').getByRole('link', { name: 'Request access' }));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Request access to payments' })).toBeVisible();
    await reach(page, page.getByRole('radio', { checked: true }).first());
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('radio', { name: 'Shell' })).toBeChecked();
    await reach(page, page.getByLabel('Reason'));
    await page.keyboard.type('the keyboard is all I have');
    await page.keyboard.press('Control+Enter');
    await ana.isTold('Your request was sent.');
  });

  await test.step('ben approves with keys', async () => {
    await ben.page.keyboard.press('g');
    await ben.page.keyboard.press('i');
    await expect(ben.page.getByRole('article')).toContainText('the keyboard is all I have');
    await ben.page.keyboard.press('a');
    await ben.isTold('You approved the request.');
  });

  const terminal = new Terminal(page);
  await test.step('ana opens a shell and types', async () => {
    await expect(page.getByRole('link', { name: 'Open shell' })).toBeVisible();
    await page.keyboard.press('o');
    await reach(page, page.getByRole('button', { name: /Open shell in web/ }).first());
    await page.keyboard.press('Enter');
    await terminal.isReady();
    await reach(page, terminal.input);
    await page.keyboard.type('echo typed $((6*7))');
    await page.keyboard.press('Enter');
    await terminal.shows('typed 42');
  });

  await test.step('she leaves the terminal with the documented key and ends the session', async () => {
    await page.keyboard.press('Tab');
    await expect(terminal.input, 'Tab belongs to the shell').toBeFocused();
    await page.keyboard.press('Control+Shift+Escape');
    await expect(terminal.input).not.toBeFocused();
    await reach(page, page.getByRole('button', { name: 'End session' }));
    await page.keyboard.press('Enter');
    await terminal.isEnded('its person ended the session');
  });
});

test('anything on a page is found by a few letters of its name', async ({ person }) => {
  const ana = await person('ana');
  const { page } = ana;
  const palette = page.getByRole('dialog', { name: 'Go to, or do' });
  const field = palette.getByRole('combobox');
  const marked = palette.getByRole('option', { selected: true });
  await page.goto('/');
  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await look(page, 'palette');
  await field.fill('request pay');
  await expect(marked).toContainText('payments');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Request access to payments' })).toBeVisible();

  await page.getByLabel('Reason').focus();
  await page.keyboard.press('Control+k');
  await field.fill('inbox');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();

  // What is not on the page may be a namespace, or the address of an alert about one.
  await page.keyboard.press('Control+k');
  await field.fill('https://alerts.example/?namespace=staging');
  await expect(marked).toHaveText(/^Namespaces: https/);
  await page.keyboard.press('Enter');
  await expect(ana.row('staging')).toBeVisible();
  await expect(ana.row('payments')).toBeHidden();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
});
