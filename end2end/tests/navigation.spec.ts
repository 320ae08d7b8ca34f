import { auditLog } from './support/audit.ts';
import { look } from './support/look.ts';
import { replay, Terminal } from './support/terminal.ts';
import { expect, test } from './support/test.ts';

test('a shell outlives navigation, reloads and another tab', async ({ person }) => {
  const ana = await person('ana');
  const request = await ana.ask({ namespace: 'staging', reason: 'to wander about with it' });
  const terminal = await ana.openShell(request);
  await terminal.run('kept=still-here; echo written before leaving');
  await terminal.shows('written before leaving');

  const isTheSame = async (where: Terminal, when: string) => {
    await where.isReady();
    await where.shows('written before leaving');
    await where.run(`echo ${when}: $kept`);
    await where.shows(`${when}: still-here`);
  };

  await test.step('to the inbox, and back by the tray', async () => {
    await ana.page.getByRole('link', { name: 'Inbox' }).click();
    await expect(ana.page.getByRole('heading', { name: 'Inbox', level: 1 })).toBeVisible();
    await ana.page.getByRole('region', { name: 'Live now' }).getByRole('link').click();
    await isTheSame(terminal, 'after the tray');
  });

  await test.step('away, and back by the back button', async () => {
    await ana.page.getByRole('link', { name: 'Recordings' }).click();
    await expect(ana.page.getByRole('heading', { name: 'Recordings', level: 1 })).toBeVisible();
    await ana.page.goBack();
    await isTheSame(terminal, 'after going back');
  });

  await test.step('a ticket that was used opens nothing, not even for ana (w-03)', async () => {
    const [attached] = terminal.attached;
    if (!attached) throw new Error('no socket was seen');
    expect(await replay(ana.page, attached)).toEqual({ code: 4403, output: 0 });
  });

  await test.step('a reload', async () => {
    await ana.page.reload();
    await isTheSame(terminal, 'after a reload');
  });

  await test.step('a second tab takes it over, and the first can take it back', async () => {
    const second = await ana.page.context().newPage();
    const elsewhere = new Terminal(second);
    await second.goto(ana.page.url());
    await isTheSame(elsewhere, 'in the second tab');
    await expect(terminal.region).toHaveAttribute('data-phase', 'left');
    await terminal.region.getByRole('button', { name: 'Use it here' }).click();
    await isTheSame(terminal, 'taken back');
  });
});

test('ben watches without a say, ana sees that he does, and the log says so', async ({ person }) => {
  const [ana, ben, cleo] = [await person('ana'), await person('ben'), await person('cleo')];
  const reason = 'four eyes see more than two';
  const request = await ana.ask({ namespace: 'payments', reason });
  await ben.approve(reason);
  const terminal = await ana.openShell(request);
  await terminal.run('echo for all to see $((6*7))');
  await terminal.shows('for all to see 42');

  await ben.page.goto(`/sessions/${terminal.session}`);
  await look(ben.page, 'session-of-somebody-else');
  const watched = new Terminal(ben.page);
  await ben.page.getByRole('link', { name: 'Watch' }).click();
  await watched.shows('for all to see 42');
  await expect(watched.region).toContainText('you watch');
  await expect(terminal.region).toContainText('ben watches');
  await look(ben.page, 'session-watched');
  await watched.input.focus();
  await ben.page.keyboard.type('echo typed by ben; ');
  await terminal.run('echo only ana types');
  await watched.shows('only ana types');
  await expect(terminal.region).not.toContainText('typed by ben');
  const [entry] = await auditLog(cleo.page, '?kind=watched');
  expect(entry?.text).toContain('ben');
});
