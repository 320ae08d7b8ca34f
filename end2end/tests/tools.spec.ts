import { look } from './support/look.ts';
import { expect, test } from './support/test.ts';
import { Way } from './support/way.ts';

test('the terminal is searched, read as text, and looks as ana likes it', async ({ person }) => {
  const ana = await person('ana');
  const { page } = ana;
  const request = await ana.ask({ namespace: 'staging', reason: 'to look at it closely' });
  const terminal = await ana.openShell(request);
  const tools = terminal.region.getByRole('group', { name: 'Tools' });

  await test.step('a search counts, goes on and back, and gives the keyboard back', async () => {
    await terminal.run('for n in 1 2 3; do echo "needle $n"; done; clear; for n in 4 5; do echo "needle $n"; done');
    await terminal.shows('needle 5');
    await terminal.press('Control+Shift+F');
    const field = terminal.region.getByRole('searchbox', { name: 'Find in the terminal' });
    await expect(field).toBeFocused();
    const line = terminal.region.getByRole('search');
    await field.fill('needle 4');
    await expect(line).toContainText('1 of 1');
    await field.fill('needle');
    await expect(line).toContainText(/\d of \d/);
    const at = await line.textContent();
    await field.press('Enter');
    await expect(line).not.toHaveText(at ?? '');
    await field.press('Shift+Enter');
    await expect(line).toHaveText(at ?? '');
    await look(page, 'session-find');
    await field.fill('haystack');
    await expect(line).toContainText('nothing found');
    await field.press('Escape');
    await expect(terminal.input).toBeFocused();
    await terminal.run('echo typed again $((6*7))');
    await terminal.shows('typed again 42');
  });

  await test.step('size and colours are remembered', async () => {
    const before = await terminal.size();
    await tools.getByRole('button', { name: 'Larger text' }).click({ clickCount: 3 });
    await expect.poll(async () => (await terminal.size()).columns).toBeLessThan(before.columns);
    const larger = await terminal.size();
    const colours = tools.getByRole('button', { name: /^Colours/ });
    await colours.click();
    await expect(colours).toHaveText(/light/);
    await look(page, 'session-light');
    await page.reload();
    await terminal.isReady();
    await expect(terminal.region).toHaveAttribute('data-colours', 'light');
    expect(await terminal.size()).toEqual(larger);
    await colours.click();
    await expect(terminal.region).toHaveAttribute('data-colours', 'page');
  });

  await test.step('the transcript is plain text that follows, and is read with the arrow keys', async () => {
    await tools.getByRole('button', { name: 'Transcript' }).click();
    const transcript = terminal.region.getByRole('textbox', { name: 'What was shown' });
    await expect(transcript).toHaveValue(/typed again 42\n/);
    await terminal.run('clear; printf "\\033[31mred\\033[0m %s\\n" $(seq 90 | tr "\\n" ".")');
    await expect(transcript, 'without colours, and in whole lines').toHaveValue(/\nred 1\.2\.[0-9.]*89\.90\.\n/);
    await transcript.focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowDown');
    const place = () => transcript.evaluate((area: HTMLTextAreaElement) => area.selectionStart);
    const read = await place();
    expect(read).toBeGreaterThan(0);
    await terminal.run('echo written while ana reads');
    await expect(transcript).toHaveValue(/\nwritten while ana reads\n/);
    expect(await place(), 'the reader stays where she was').toBe(read);
    await look(page, 'session-transcript');
    await terminal.run('exit');
    await terminal.isEnded('the shell exited with code 0');
    await expect(transcript, 'it stays after the end').toHaveValue(/written while ana reads/);
  });
});

test('what a program writes opens nothing and copies nothing by itself (t-02)', async ({ person }) => {
  const ana = await person('ana');
  const { page } = ana;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const request = await ana.ask({ namespace: 'staging', reason: 'to distrust what it says' });
  const terminal = await ana.openShell(request);
  await page.evaluate(() => navigator.clipboard.writeText('mine'));
  await terminal.run(`clear; printf '\\033]52;c;c3RvbGVu\\a\\033]8;;https://hidden.example/x\\a%s\\033]8;;\\a\\n' harmless`);
  await terminal.run('echo see https://runbooks.example/500?a=b#c');
  await terminal.run('echo see ftp://files.example/ or javascript:alert`1`');
  await terminal.shows('javascript:alert');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');

  const question = page.getByRole('dialog');
  const click = async (words: string) => {
    const row = terminal.rows().filter({ hasText: new RegExp(`^${words}`) }).last();
    const { x, y, height } = (await row.boundingBox()) ?? { x: 0, y: 0, height: 0 };
    await page.mouse.move(x + 60, y + height / 2);
    await page.mouse.click(x + 60, y + height / 2);
  };
  await test.step('an address is asked about in full, wherever it hides', async () => {
    await click('see https');
    await expect(question).toContainText('https://runbooks.example/500?a=b#c');
    await look(page, 'session-link');
    await page.keyboard.press('Escape');
    await expect(question).toHaveCount(0);
    await click('harmless');
    await expect(question).toContainText('https://hidden.example/x');
    await question.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('an agreed one opens in a page that knows nothing of this one', async () => {
    await page.context().route('https://runbooks.example/**', (route) => route.fulfill({ body: 'the runbook' }));
    await click('see https');
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      question.getByRole('button', { name: 'Open' }).click(),
    ]);
    await opened.waitForLoadState();
    expect(await opened.evaluate(() => [document.referrer, window.opener])).toEqual(['', null]);
    await opened.close();
  });

  await test.step('what is not the web is no link', async () => {
    await click('see ftp');
    await expect(question).toHaveCount(0);
  });
});

test('a pasted text is asked about when it has several lines, and a large one arrives whole', async ({ person }) => {
  const ana = await person('ana');
  ana.expects(/WebSocket (connection|is already in CLOSING)/);
  const way = await Way.of(ana.page);
  const request = await ana.ask({ namespace: 'staging', reason: 'to paste a script' });
  const terminal = await ana.openShell(request);
  const question = ana.page.getByRole('dialog');

  await test.step('one line is pasted as it is', async () => {
    await terminal.paste('echo one line $((6*7))');
    await terminal.press('Enter');
    await terminal.shows('one line 42');
  });

  await test.step('several lines are shown first, and can be refused', async () => {
    await terminal.paste('echo never $((1+1))\necho ever\necho and\necho more\necho lines\necho still');
    await expect(question).toContainText('Paste 6 lines?');
    await expect(question).toContainText('echo never');
    await expect(question).toContainText('echo still');
    await look(ana.page, 'session-paste');
    await ana.page.keyboard.press('Escape');
    await terminal.paste('echo twice $((20+1))\necho twice $((40+2))\n');
    await question.getByRole('button', { name: 'Paste 2 lines' }).click();
    await terminal.shows('twice 42');
    await terminal.shows('twice 21');
    await expect(terminal.region.locator('.xterm-rows')).not.toContainText('never 2');
  });

  await test.step('2 MB arrive whole, although the socket is cut on the way', async () => {
    const text = Array.from({ length: 40_000 }, (_, number) => `line ${number} of a long paste, to be counted`).join('\n');
    await terminal.run('stty -echo; cat >/tmp/pasted; stty echo; sha256sum </tmp/pasted');
    way.cutAfter(20);
    await terminal.paste(`${text}\n`);
    await question.getByRole('button', { name: 'Paste 40000 lines' }).click();
    await terminal.press('Control+d');
    const digest = await ana.page.evaluate(async (text) => {
      const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
      return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    }, `${text}\n`);
    await terminal.shows(digest, { timeout: 60_000 });
    expect(way.cuts, 'it was cut').toBe(1);
  });
});
