import type { Person } from './support/person.ts';
import { expect, test } from './support/test.ts';

/** Ana works for some seconds in a namespace where nobody has to approve; her session is over then. */
async function record(ana: Person, lines: string[] = []): Promise<string> {
  const request = await ana.ask({ namespace: 'staging', reason: 'a session to be watched later' });
  const terminal = await ana.openShell(request);
  for (const line of lines) await terminal.run(line);
  await terminal.run('exit');
  await terminal.isEnded('the shell exited with code 0');
  return terminal.session;
}

test('without JavaScript a recording is text and a file', async ({ person }) => {
  const ana = await person('ana');
  const session = await record(ana, ['echo plain $((6*7))']);
  const cleo = await person('cleo', { javaScriptEnabled: false });
  await cleo.page.goto('/recordings?shown=plain+42');
  await cleo.page.locator(`#recording-${session}`).getByRole('link', { name: 'plain 42' }).click();
  await expect(cleo.page.locator('noscript p')).toContainText('The player needs JavaScript');
  await expect(cleo.page.getByRole('group', { name: 'Lines' })).toContainText('plain 42');
  await expect(cleo.page.getByRole('button', { name: 'Play' })).toBeHidden();
  await cleo.page.getByLabel('Search in this recording').fill('nowhere');
  await cleo.page.getByLabel('Search in this recording').press('Enter');
  await expect(cleo.page.getByText('No line shows “nowhere”.')).toBeVisible();
  await cleo.page.getByRole('button', { name: 'Mark reviewed' }).click();
  await cleo.isTold('You marked the recording as reviewed.');
  await cleo.page.goto('/recordings?reviewed=no');
  await expect(cleo.page.getByText('No recording matches')).toBeVisible();
});
