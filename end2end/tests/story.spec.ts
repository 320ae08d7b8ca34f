import { ofSession, processes } from './support/cluster.ts';
import { look } from './support/look.ts';
import { replay } from './support/terminal.ts';
import { expect, test } from './support/test.ts';

const reason = 'INC-2041: payments are refused since 02:40';

test('ana asks, ben approves, a shell opens and works, and ends for good when ben says so', async ({ person }) => {
  test.setTimeout(360_000);
  const ana = await person('ana', { signIn: false });
  await ana.page.goto('/');
  await look(ana.page, 'sign-in');
  await ana.signIn();
  const ben = await person('ben');
  await look(ben.page, 'namespaces-nothing-for-ben');

  await test.step('ana sees what she may ask for, with the health of its pods', async () => {
    for (const namespace of ['payments', 'checkout', 'staging']) await expect(ana.row(namespace)).toBeVisible();
    await expect(ana.row('kube-system')).toHaveCount(0);
    await expect(ana.row('payments')).toContainText('production');
    await expect(ana.row('payments')).toContainText(/\d running/);
    // The worker begins to crash-loop while the page is open, and the page says so by itself.
    await expect(ana.row('payments')).toContainText('1 crash-looping', { timeout: 60_000 });
    await look(ana.page, 'namespaces');
  });

  let request = '';
  await test.step('she asks for a shell in payments', async () => {
    await ana.row('payments').getByRole('link', { name: 'Request access' }).click();
    await ana.fillIn({ length: '15m', reason });
    await expect(ana.page.getByRole('region', { name: /What will happen: Shell/ })).toContainText('1 of payments-leads');
    await look(ana.page, 'ask');
    await ana.page.getByRole('button', { name: 'Send request' }).click();
    await ana.isTold('Your request was sent.');
    await expect(ana.page.getByRole('region', { name: 'Where it stands' })).toContainText('Waiting for 1 of payments-leads');
    request = new URL(ana.page.url()).pathname;
    await look(ana.page, 'request-waiting');
    await ana.page.evaluate(() => { document.documentElement.dataset.loaded = 'before'; });
  });

  await test.step("ben's open page counts it, and his inbox says who, where, what, how long and why", async () => {
    await ben.page.getByRole('link', { name: /^Inbox.*1/ }).click();
    const shown = ben.page.getByRole('article');
    for (const words of ['ana', 'payments', 'Shell', '15 min', reason, 'payments-shell']) await expect(shown).toContainText(words);
    await look(ben.page, 'inbox');
    await ben.page.getByRole('button', { name: 'Approve' }).click();
    await ben.isTold('You approved the request.');
    await look(ben.page, 'inbox-decided');
  });

  await test.step("ana's page says so without a reload", async () => {
    await expect(ana.page.getByRole('link', { name: 'Open shell' })).toBeVisible();
    expect(await ana.page.evaluate(() => document.documentElement.dataset.loaded)).toBe('before');
    await look(ana.page, 'request-ready');
    await ana.page.getByRole('link', { name: 'Open shell' }).click();
    await expect(ana.page.getByRole('button', { name: /Open shell in metrics-proxy of api-/ })).toBeVisible();
    await look(ana.page, 'choose-container');
  });

  const terminal = await ana.openShell(request);
  const container = await terminal.container('payments');

  await test.step('typing works, and the remaining time is shown', async () => {
    await terminal.run('echo the answer is $((6*7))');
    await terminal.shows('the answer is 42');
    await expect(ana.page.getByText(/1[45] min left/).first()).toBeVisible();
    await look(ana.page, 'session');
  });

  await test.step('the size follows the window', async () => {
    const before = await terminal.size();
    await ana.page.setViewportSize({ width: 900, height: 600 });
    await expect.poll(() => terminal.rows().count()).toBeLessThan(before.rows);
    await expect.poll(() => terminal.size()).toMatchObject({ rows: await terminal.rows().count() });
    expect((await terminal.size()).columns).toBeLessThan(before.columns);
    await ana.page.setViewportSize({ width: 1280, height: 800 });
    await expect.poll(() => terminal.size()).toEqual(before);
    // Between two layouts there may be no room for a moment, and the shell must not hear of it.
    const screen = terminal.region.locator('.pane-screen');
    await screen.evaluate((screen: HTMLElement) => { screen.style.maxInlineSize = screen.style.maxBlockSize = '0'; });
    expect(await terminal.size()).toEqual(before);
    await screen.evaluate((screen: HTMLElement) => { screen.style.maxInlineSize = screen.style.maxBlockSize = ''; });
  });

  await test.step('Ctrl-C interrupts', async () => {
    await terminal.run('echo now; sleep 1000');
    await expect(terminal.rows().filter({ hasText: /^now/ })).toBeVisible();
    await terminal.press('Control+c');
    await terminal.run('echo interrupted with $?');
    await terminal.shows('interrupted with 130');
  });

  await test.step('a full-screen program has the screen and gives it back', async () => {
    await terminal.run('clear; rm -f /tmp/note; echo before the editor; vi /tmp/note');
    await terminal.shows(/~\s*~\s*~/);
    await expect(terminal.region.locator('.xterm-rows')).not.toContainText('before the editor');
    await terminal.type('iwritten in vi');
    await terminal.shows('I /tmp/note'); // the mode stands before the name
    await terminal.press('Escape');
    await terminal.shows('- /tmp/note');
    await terminal.run(':wq');
    await terminal.shows('before the editor');
    await terminal.run('cat /tmp/note | tr a-z A-Z');
    await terminal.shows('WRITTEN IN VI');
  });

  await test.step('100 MB of output pass, and the terminal lives', async () => {
    await terminal.run('yes 0123456789012345678901234567890123456789012345678 | head -c 100000000; echo flooded $((40+2))');
    await terminal.shows('flooded 42', { timeout: 180_000 });
    await terminal.run('echo alive $((6*7))');
    await terminal.shows('alive 42');
  });

  await test.step('ben ends it at once, with everything that runs in it', async () => {
    await terminal.run('sleep 41001 & (trap "" HUP; exec sleep 41002) & setsid sleep 41003 &');
    await expect.poll(() => processes(container)).toMatch(/41001[^]*41002[^]*41003/);
    expect(await ofSession(container, terminal.session)).not.toEqual([]);
    await ben.page.goto('/sessions');
    await look(ben.page, 'sessions');
    await ben.page.getByRole('button', { name: 'End session' }).click();
    await terminal.isEnded('ben ended the session', { timeout: 2_000 });
    await expect.poll(() => ofSession(container, terminal.session)).toEqual([]);
    expect(await processes(container)).not.toMatch(/4100\d/);
    await look(ana.page, 'session-ended');
  });

  await test.step('a reload, a second tab, a stale link and a replayed socket get nothing', async () => {
    const [attached] = terminal.attached;
    if (!attached) throw new Error('no socket was seen');
    expect(await replay(ana.page, attached)).toEqual({ code: 4403, output: 0 });
    expect(await replay(ben.page, attached)).toEqual({ code: 4403, output: 0 });
    await ana.page.reload();
    await expect(ana.page.getByText('Ended: ben ended the session')).toBeVisible();
    await expect(terminal.region).toHaveCount(0);
    await look(ana.page, 'session-over');
    const second = await ana.page.context().newPage();
    await second.goto(`/sessions/${terminal.session}`);
    await expect(second.getByText('Ended: ben ended the session')).toBeVisible();
    ana.expects(/the server responded with a status of 4\d\d/);
    await second.goto(`${request}/shell`);
    await expect(second.getByRole('button', { name: /Open shell/ })).toHaveCount(0);
    const { pod, container: name } = container;
    expect(await ana.post(`${request}/shell`, { pod, container: name })).toBeGreaterThanOrEqual(400);
    await ana.page.goto(request);
    await expect(ana.page.getByRole('region', { name: 'Where it stands' })).toContainText('ben');
    await look(ana.page, 'request-ended');
  });
});
