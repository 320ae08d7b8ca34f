import { auditLog } from './support/audit.ts';
import { ofSession } from './support/cluster.ts';
import { gone } from './support/portal.ts';
import { download } from './support/recording.ts';
import { replay } from './support/terminal.ts';
import { expect, test } from './support/test.ts';

test('a killed portal leaves nothing usable, loses nothing that was shown, and no event (a-17, s-10)', { tag: '@waits' }, async ({ person, portal }) => {
  const [ana, cleo] = [await person('ana'), await person('cleo')];
  ana.expects(gone, /status of 40\d|status of 503 .*terminal_ticket/);
  cleo.expects(gone);
  const request = await ana.ask({ namespace: 'staging', length: '1m', reason: 'the power will fail' });
  const terminal = await ana.openShell(request);
  const container = await terminal.container('staging');
  const deadline = Date.now() + 60_000;
  await terminal.run('setsid sleep 44001 & number=0; while :; do number=$((number+1)); echo line $number; done');
  await expect.poll(() => terminal.received().length, { intervals: [100] }).toBeGreaterThan(500_000);
  await portal.kill();
  expect(await ofSession(container, terminal.session), 'what was started lives on, alone').not.toEqual([]);
  const shown = terminal.received();

  await portal.restart();
  await test.step('what had begun is ended, in the container too', async () => {
    await expect.poll(() => ofSession(container, terminal.session)).toEqual([]);
    const [attached] = terminal.attached;
    if (!attached) throw new Error('no socket was seen');
    expect(await replay(cleo.page, attached)).toEqual({ code: 4403, output: 0 });
    await ana.page.goto(`/sessions/${terminal.session}`);
    await expect(ana.page.getByText('the portal stopped while the session ran')).toBeVisible();
    await expect(terminal.region).toHaveCount(0);
  });

  await test.step('the recording holds all that was shown', async () => {
    const { output } = await download(cleo.page, terminal.session);
    expect(output.length).toBeGreaterThanOrEqual(shown.length);
    expect(output.startsWith(shown), 'byte for byte').toBe(true);
    expect(lines(shown)).toBeGreaterThan(10_000);
    expect(lines(output)).toBeGreaterThanOrEqual(lines(shown));
  });

  await test.step('the events are whole', async () => {
    const log = await auditLog(cleo.page);
    const kinds = log.map((entry) => entry.kind);
    expect(kinds.filter((kind) => kind === 'portal-started')).toHaveLength(2);
    for (const kind of ['session-starting', 'session-live', 'session-ended']) expect(kinds, kind).toContain(kind);
  });

  await test.step('a grant whose time passes while the portal is down is not brought back', async () => {
    await portal.kill();
    await expect.poll(() => Date.now(), { timeout: 60_000 }).toBeGreaterThan(deadline);
    await portal.restart();
    await ana.page.goto(request);
    await expect(ana.page.getByRole('region', { name: 'Where it stands' })).toContainText('The grant ended: its time was over');
    await expect(ana.page.getByRole('link', { name: 'Open shell' })).toHaveCount(0);
    const { pod, container: name } = container;
    expect(await ana.post(`${request}/shell`, { pod, container: name })).toBeGreaterThanOrEqual(400);
  });
});

/** How many numbered lines there are, counted from 1 without a gap. */
function lines(output: string): number {
  let count = 0;
  for (const [line, number] of output.matchAll(/^line (\d+)\r$/gm)) {
    if (Number(number) !== ++count) throw new Error(`${line} stands where ${count} should`);
  }
  return count;
}
