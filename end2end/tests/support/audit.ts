import { expect, type Page } from '@playwright/test';

export interface Entry {
  number: number;
  kind: string;
  /** All that the log says of it. */
  text: string;
}

/** The audit log as the page shows it, oldest first; its numbers must have no gap. */
export async function auditLog(page: Page, filter = ''): Promise<Entry[]> {
  const entries: Entry[] = [];
  await page.goto(`/audit${filter}`);
  for (;;) {
    entries.push(...(await page.locator('ol.log > li').evaluateAll((rows) => rows.map((row) => ({
      number: Number(row.id.replace('event-', '')),
      kind: row.querySelector('.kind')?.textContent ?? '',
      text: (row as HTMLElement).textContent ?? '',
    })))));
    const older = page.getByRole('link', { name: 'Older' });
    if (!(await older.count())) break;
    await older.click();
    await expect(page.locator(`#event-${(entries.at(-1)?.number ?? 0) - 1}`)).toBeVisible();
  }
  entries.reverse();
  if (!filter) expect(entries.map((entry) => entry.number)).toEqual(entries.map((_, index) => index + 1));
  return entries;
}
