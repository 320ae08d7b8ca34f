import { readFile, writeFile } from 'node:fs/promises';
import { auditLog } from './support/audit.ts';
import { look } from './support/look.ts';
import { Terminal } from './support/terminal.ts';
import { expect, test } from './support/test.ts';
import { Way } from './support/way.ts';

test('a connection that is lost comes back to the same shell and screen, and nothing is typed twice', { tag: '@waits' }, async ({ person, portal }) => {
  const [ana, cleo] = [await person('ana'), await person('cleo')];
  // What is sent before the page knows of the loss.
  ana.expects(/WebSocket (connection|is already in CLOSING)/);
  const policy = await readFile(portal.policy, 'utf8');
  await writeFile(portal.policy, policy.replace('grace: 10s', 'grace: 2m'));
  await expect.poll(async () => (await auditLog(cleo.page, '?kind=policy-loaded')).length).toBe(1);
  const way = await Way.of(ana.page);
  const request = await ana.ask({ namespace: 'staging', reason: 'the train goes into a tunnel' });
  const terminal = await ana.openShell(request);
  await terminal.run('count=0; echo before the tunnel');
  await terminal.shows('before the tunnel');

  await way.cut();
  await expect(terminal.region).toHaveAttribute('data-phase', 'reconnecting');
  await expect(terminal.region.getByRole('status')).toContainText('reconnecting');
  await terminal.shows('before the tunnel');
  await terminal.run('count=$((count+1)); echo typed in the tunnel: $count');
  await look(ana.page, 'session-reconnecting');

  await test.step('what is typed long after the loss is refused, and the page says so', async () => {
    const notice = terminal.region.getByText('Not typed: the connection is lost.');
    await expect(async () => {
      await terminal.type('x');
      await expect(notice).toBeVisible({ timeout: 200 });
    }).toPass({ timeout: 8_000 });
  });

  way.restore();
  await expect(terminal.region).toHaveAttribute('data-phase', 'ready');
  await terminal.shows('typed in the tunnel: 1');
});

test('a way that goes silent is noticed, and tried at once when the network is back', { tag: '@waits' }, async ({ person }) => {
  const ana = await person('ana');
  ana.expects(/WebSocket (connection|is already in CLOSING)/);
  const way = await Way.of(ana.page);
  const request = await ana.ask({ namespace: 'staging', reason: 'a router forgets its connections' });
  const terminal = await ana.openShell(request);

  way.silence();
  await terminal.run('echo typed into the silence: $((40+2))');
  await expect(terminal.region).toHaveAttribute('data-phase', 'reconnecting', { timeout: 40_000 });
  way.restore();
  await ana.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(terminal.region).toHaveAttribute('data-phase', 'ready', { timeout: 5_000 });
  await terminal.shows('typed into the silence: 42');
});

test('a page that was away does not take the terminal from where it is used since', { tag: '@waits' }, async ({ person }) => {
  const ana = await person('ana');
  ana.expects(/WebSocket (connection|is already in CLOSING)/);
  const way = await Way.of(ana.page);
  const request = await ana.ask({ namespace: 'staging', reason: 'the laptop sleeps in the office' });
  const terminal = await ana.openShell(request);
  const home = await ana.page.context().newPage();
  const elsewhere = new Terminal(home);

  await way.cut();
  await expect(terminal.region).toHaveAttribute('data-phase', 'reconnecting');
  await terminal.type('echo half a line');
  await home.goto(ana.page.url());
  await expect(elsewhere.region).toHaveAttribute('data-phase', 'ready');
  await elsewhere.run('echo from home: $((20+3))');
  await elsewhere.shows('from home: 23');

  way.restore();
  await expect(terminal.region).toHaveAttribute('data-phase', 'left');
  await expect(terminal.region.getByRole('status')).toContainText('used in another window now');
  await expect(terminal.region.getByText('What you typed here last may not have reached the shell.')).toBeVisible();
  await elsewhere.run('echo still at home: $((20+4))');
  await elsewhere.shows('still at home: 24');

  await terminal.region.getByRole('button', { name: 'Use it here' }).click();
  await expect(terminal.region).toHaveAttribute('data-phase', 'ready');
  await terminal.shows('still at home: 24');
  await expect(terminal.region.locator('.xterm-rows')).not.toContainText('half a line');
});
