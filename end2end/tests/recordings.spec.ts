import type { Page } from '@playwright/test';
import { auditLog } from './support/audit.ts';
import { look } from './support/look.ts';
import type { Person } from './support/person.ts';
import { Player } from './support/player.ts';
import { download } from './support/recording.ts';
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

/** What a person typed is not what was shown: the words come out of the shell in another form. */
const SEQUENCE = [
  'clear; echo begin $((20+1))',
  String.raw`printf '\033[?1049h\033[2J\033[Hscreen %d' $((40+3)); sleep 4; printf '\033[?1049l'; echo needle $((40+2))`,
];

/** The addresses that a page asks for, and how; and that it opens no socket. */
function watch(page: Page): { asked: string[]; sockets: number } {
  const seen = { asked: [] as string[], sockets: 0 };
  page.on('request', (request) => seen.asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  page.on('websocket', () => { seen.sockets += 1; });
  return seen;
}

test('cleo finds a second in what ana was shown, watches it, and marks it reviewed', async ({ person }) => {
  const [ana, cleo] = [await person('ana'), await person('cleo')];
  const session = await record(ana, SEQUENCE);
  const { page } = cleo;
  const player = new Player(page);
  const row = page.locator(`#recording-${session}`);

  await test.step('the list has it, and says what a filter hides', async () => {
    await page.goto('/recordings');
    await expect(row).toContainText('ana');
    await expect(row).toContainText('not yet');
    await look(page, 'recordings');
    await page.getByLabel('Namespace').fill('payments');
    await page.getByRole('button', { name: 'Filter' }).click();
    await expect(page.getByText('No recording matches')).toBeVisible();
    await look(page, 'recordings-nothing');
    await page.getByRole('link', { name: 'without namespace “payments”' }).click();
    await expect(row).toBeVisible();
  });

  await test.step('the search leads to the second in which a line was shown', async () => {
    await page.getByLabel('Shown in the terminal').fill('NEEDLE 42');
    await page.getByRole('button', { name: 'Filter' }).click();
    await expect(row.getByRole('link', { name: 'needle 42' })).toBeVisible();
    await look(page, 'recordings-found');
    const seen = watch(page);
    await row.getByRole('link', { name: 'needle 42' }).click();
    await player.isReady();
    await player.shows('needle 42');
    await player.shows('begin 21');
    expect(seen.sockets, 'a player has no socket').toBe(0);
    const strange = seen.asked.filter((asked) => !/^GET \/(recordings|assets)\//.test(asked));
    expect(strange, 'it asks for nothing but its own data').toEqual([]);
    await look(page, 'recording');
  });

  const needle = await player.second();

  await test.step('any place can be reached, the other screen too', async () => {
    await player.seek(needle - 2);
    await player.shows('screen 43');
    await player.doesNotShow('begin 21');
    await player.seek(0);
    await player.doesNotShow('screen 43');
    // A whole second may lie before the line was shown in it.
    await player.line('needle 42').click();
    await player.shows('begin 21');
    await player.doesNotShow('screen 43');
  });

  await test.step('lines lead to their second, and the current one is marked', async () => {
    await player.seek(0);
    await player.line('needle 42').click();
    await player.shows('needle 42');
    await expect(player.line('needle 42')).toHaveAttribute('aria-current', 'true');
    await page.getByLabel('Search in this recording').fill('begin');
    await page.getByLabel('Search in this recording').press('Enter');
    await expect(page.locator('#transcript-found')).toContainText('“begin”');
    await player.doesNotShow('needle 42');
  });

  await test.step('it plays to its end, faster and without the silence', async () => {
    await player.seek(0);
    await page.keyboard.press('Escape');
    await page.locator('h1').click();
    for (let press = 0; press < 3; press++) await page.keyboard.press('>');
    await expect(player.region.getByLabel('Speed')).toHaveValue('8');
    await page.keyboard.press(' ');
    await expect(player.button('Pause')).toBeVisible();
    await player.shows('needle 42');
    await expect(player.button('Play')).toBeVisible();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => player.second()).toBeLessThan(Number(await player.slider.getAttribute('max')));
  });

  await test.step('a link opens at its second', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await player.seek(needle - 2);
    await player.button('Copy link').click();
    await expect(page.getByText('is copied')).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(link).search).toBe(`?t=${needle - 2}`);
    const second = await page.context().newPage();
    const there = new Player(second);
    await there.open(link);
    await there.shows('screen 43');
    expect(await there.second()).toBe(needle - 2);
    await second.close();
  });

  await test.step('it is what was recorded, as the audit log says', async () => {
    const integrity = page.getByRole('region', { name: 'Integrity' });
    await expect(integrity).toContainText(/Verified: blake3 [0-9a-f]{64}, as event \d+ of the audit log says/);
  });

  await test.step('cleo marks it reviewed, and everybody sees it', async () => {
    await page.getByRole('button', { name: 'Mark reviewed' }).click();
    await cleo.isTold('You marked the recording as reviewed.');
    await expect(page.getByText('Reviewed by cleo')).toBeVisible();
    await look(page, 'recording-reviewed');
    await page.goto('/recordings?reviewed=yes');
    await expect(row).toContainText('by cleo');
    await ana.page.goto(`/recordings/${session}`);
    await expect(ana.page.getByText('Reviewed by cleo')).toBeVisible();
  });

  await test.step('the audit log has who read, searched and reviewed', async () => {
    const kinds = (await auditLog(page)).map((entry) => entry.kind);
    expect(kinds).toContain('recordings-searched');
    expect(kinds.filter((kind) => kind === 'recording-reviewed')).toHaveLength(1);
    // The page, the link in a second tab, the page after the review, and ana's.
    expect(kinds.filter((kind) => kind === 'recording-read')).toHaveLength(4);
  });

  await test.step('the file says the same', async () => {
    expect((await download(page, session)).output).toContain('needle 42');
  });
});

test('nobody reviews their own session, and strangers find nothing', async ({ person }) => {
  const [ana, eve] = [await person('ana'), await person('eve')];
  const session = await record(ana, ['echo private']);
  const address = `/recordings/${session}`;
  await new Player(ana.page).open(address);
  await expect(ana.page.getByText('nobody reviews the recording of their own session')).toBeVisible();
  await expect(ana.page.getByRole('button', { name: 'Mark reviewed' })).toHaveCount(0);
  expect(await ana.post(`${address}/review`, {})).toBe(403);
  expect(await eve.visit(address)).toBe(404);
  for (const rest of ['/outline', '/stretch?at=0', '/transcript?at=0', '/proof', '/download']) {
    expect(await eve.visit(address + rest), rest).toBe(404);
  }
  expect(await eve.post(`${address}/review`, {})).toBe(404);
});

test('whoever waits for a recording is told so, and sees it as soon as it is sealed', async ({ person }) => {
  const ana = await person('ana');
  const request = await ana.ask({ namespace: 'staging', reason: 'a session to be watched later' });
  const terminal = await ana.openShell(request);
  const page = await ana.page.context().newPage();
  const player = new Player(page);
  await page.goto(`/recordings/${terminal.session}`);
  await expect(page.getByRole('heading', { name: 'Still being recorded' })).toBeVisible();
  await terminal.run('echo sealed $((40+2))');
  await terminal.shows('sealed 42');
  await terminal.run('exit');
  await player.isReady();
  // It begins at its beginning; the whole of it is there.
  await player.line('sealed 42').click();
  await player.shows('sealed 42');
});

test('what does not come is said in words, and tried again; of lines shown at once the chosen one is marked', async ({ person }) => {
  const ana = await person('ana');
  const session = await record(ana, [String.raw`printf '%s\n' one$((1+1)) two$((1+1)) six$((1+1)) && sleep 1`]);
  const { page } = ana;
  const player = new Player(page);
  ana.expects(/net::ERR_FAILED/);

  await test.step('a portal that is away is told from a player that does not work', async () => {
    await page.route('**/stretch?*', (route) => route.abort());
    await page.goto(`/recordings/${session}`);
    await expect(player.region.getByRole('status')).toContainText('The portal cannot be reached.');
    await look(page, 'recording-away');
    await page.unroute('**/stretch?*');
    await player.button('Try again').click();
    await player.isReady();
    await expect(player.button('Try again')).toHaveCount(0);
  });

  await test.step('each of three lines that came at once can be the current one', async () => {
    for (const words of ['two2', 'six2', 'one2']) {
      await player.line(words).click();
      await player.shows('two2');
      await expect(player.line(words)).toHaveAttribute('aria-current', 'true');
      await expect(page.locator('#transcript [aria-current]')).toHaveCount(1);
    }
  });
});

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
