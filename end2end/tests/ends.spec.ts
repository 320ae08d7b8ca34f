import { auditLog } from './support/audit.ts';
import { ofSession, processes } from './support/cluster.ts';
import { look } from './support/look.ts';
import { download } from './support/recording.ts';
import { Terminal } from './support/terminal.ts';
import { expect, test } from './support/test.ts';

test('at the deadline the terminal says why, nothing is left in the container, and the record is complete', { tag: '@waits' }, async ({ person }) => {
  const [ana, cleo] = [await person('ana'), await person('cleo')];
  await look(cleo.page, 'namespaces-nothing-for-cleo');
  await cleo.page.goto('/recordings');
  await look(cleo.page, 'recordings-none');
  const request = await ana.ask({ namespace: 'staging', length: '1m', reason: 'a deadline is to be seen' });
  const terminal = await ana.openShell(request);
  const container = await terminal.container('staging');
  const countdown = ana.page.getByRole('main').locator('[data-countdown]').first();
  const deadline = Date.parse((await countdown.getAttribute('data-countdown')) ?? '');

  await terminal.run('sleep 42001 & (trap "" HUP; exec sleep 42002) & setsid sleep 42003 &');
  await expect.poll(() => processes(container)).toMatch(/42001[^]*42002[^]*42003/);
  await terminal.run('echo shown before $((40+2))');
  await terminal.shows('shown before 42');

  await terminal.isEnded('the granted time is over', { timeout: 70_000 });
  const late = (terminal.closedAt ?? Date.now()) - deadline;
  expect(late).toBeGreaterThan(-1_000);
  expect(late).toBeLessThan(2_000);
  await terminal.shows('shown before 42');
  await look(ana.page, 'session-time-is-up');
  await expect.poll(() => ofSession(container, terminal.session)).toEqual([]);
  expect(await processes(container)).not.toMatch(/4200\d/);

  const recording = await download(cleo.page, terminal.session);
  expect(recording.output).toContain('shown before 42');
  expect(terminal.received()).toBe(recording.output);
  expect(recording.seconds).toBeGreaterThan(0);
  expect(recording.seconds).toBeLessThan(65);
  await look(cleo.page, 'recordings');
  await cleo.page.goto(`/sessions/${terminal.session}`);
  await expect(cleo.page.getByText('no process is left in the container')).toBeVisible();

  const story = await auditLog(cleo.page, `?about=${request.split('/').at(-1)}`);
  const kinds = story.map((entry) => entry.kind);
  expect(kinds.slice(0, 4)).toEqual(['request-sent', 'grant-began', 'session-starting', 'session-live']);
  // The grant and its session end at the same instant, so their events may come in either order.
  expect(kinds.slice(4).sort()).toEqual(['grant-ended', 'recording-archived', 'recording-read', 'session-ended', 'session-ending']);
  const said = (kind: string) => story.find((entry) => entry.kind === kind)?.text;
  expect(said('request-sent')).toContain('ana');
  expect(said('request-sent')).toContain('a deadline is to be seen');
  expect(said('session-starting')).toContain('shorepass:ana');
  expect(said('session-starting')).toContain('jit:shell:staging');
  expect(said('session-starting')).toContain(container.pod);
  expect(said('session-ended')).toContain('the granted time is over');
  expect(said('session-ended')).toContain('no process is left in the container');
  expect(said('recording-read')).toContain('cleo');
  await auditLog(cleo.page);
  await look(cleo.page, 'audit');
  await cleo.page.getByLabel('Actor').fill('nobody');
  await cleo.page.getByRole('button', { name: 'Filter' }).click();
  await expect(cleo.page.getByText('No event matches')).toBeVisible();
  await look(cleo.page, 'audit-nothing-matches');
});

test('ana ends her access before its time, and her terminal with it', async ({ person }) => {
  const ana = await person('ana');
  const request = await ana.ask({ namespace: 'staging', reason: 'to be given back early' });
  const terminal = await ana.openShell(request);
  const container = await terminal.container('staging');
  await terminal.run('setsid sleep 43001 &');
  await expect.poll(() => processes(container)).toContain('43001');

  const second = await ana.page.context().newPage();
  await second.goto(request);
  await second.getByRole('button', { name: 'End now' }).click();
  await terminal.isEnded(/ended/, { timeout: 2_000 });
  await expect(second.locator('#notice')).toHaveText('The access was ended.');
  await expect(second.getByRole('link', { name: 'Request again' })).toBeVisible();
  await expect.poll(() => ofSession(container, terminal.session)).toEqual([]);
  expect(await processes(container)).not.toContain('43001');
});

test('after its end a terminal is read, searched and copied, and one key opens another', async ({ person }) => {
  const ana = await person('ana');
  const { page } = ana;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const request = await ana.ask({ namespace: 'staging', reason: 'to leave it politely' });
  const terminal = await ana.openShell(request);
  const [container, first] = [await terminal.container('staging'), terminal.session];
  await terminal.run('for n in $(seq 200); do echo "number $n"; done; echo the last word');
  await terminal.shows('the last word');
  await terminal.run('exit 3');
  await terminal.isEnded('the shell exited with code 3');
  const over = page.getByRole('region', { name: 'How it ended' });
  const again = over.getByRole('button', { name: 'Open another shell' });
  await expect(again).toBeVisible();
  await expect(over.getByRole('link', { name: 'Request' })).toBeVisible();
  await look(page, 'session-exited');

  await test.step('what was scrolled away is found', async () => {
    await terminal.press('Control+Shift+F');
    await page.getByRole('searchbox', { name: 'Find in the terminal' }).fill('number 17');
    await expect(page.getByRole('search')).toContainText(/1[01] of 11/);
    await page.keyboard.press('Escape');
    await expect(terminal.input).toBeFocused();
  });

  await test.step('what is selected is copied', async () => {
    await page.keyboard.press('Control+c');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('number 17');
  });

  await test.step('Tab leaves it, for nobody takes it there any more', async () => {
    await page.keyboard.press('Tab');
    await expect(terminal.input).not.toBeFocused();
  });

  await test.step('an Enter that was meant for the shell does nothing, one alone opens another', async () => {
    await terminal.type('s');
    await page.keyboard.press('Enter');
    expect(terminal.session).toBe(first);
    await expect.poll(async () => {
      await page.keyboard.press('Enter');
      return terminal.session;
    }, { intervals: [1_500] }).not.toBe(first);
    await terminal.isReady();
    expect(await terminal.container('staging')).toEqual(container);
  });
});

test('an image without a shell is told from a failure', async ({ person }) => {
  const [ana, ben] = [await person('ana'), await person('ben')];
  const reason = 'the books do not balance';
  const request = await ana.ask({ namespace: 'payments', reason });
  await ben.approve(reason);
  const terminal = new Terminal(ana.page);
  await expect(ana.page.getByRole('link', { name: 'Open shell' })).toBeVisible();
  await ana.page.goto(`${request}/shell`);
  await ana.page.getByRole('button', { name: 'Open shell in ledger of ledger-' }).click();
  await terminal.isEnded('the image has no shell; a debug container is needed');
  await look(ana.page, 'session-no-shell');
});
