import { createHash } from 'node:crypto';
import { inside } from './support/cluster.ts';
import { download } from './support/recording.ts';
import { expect, test } from './support/test.ts';

/** How often the page is reloaded: 50 times in a long run (`make faults`). */
const reloads = Number(process.env.RELOADS ?? 5);

/**
 * Writes at random until it reads the line `over`, and says of each line that it came. At last it
 * says the checksums of what it wrote and of what it read.
 */
const script = (folder: string) => `
mkdir ${folder} && cd ${folder} && mkfifo copy || exit
stty raw -echo
sha256sum <copy >written &
echo begin
{
  while [ ! -e over ]; do head -c $((RANDOM / 8)) /dev/urandom | base64; sleep 0.05; done &
  awk -v RS='\\r' '{ print >"read"; print "got " $0; fflush() } $0 == "over" { exit }' </dev/tty
  touch over
  wait
} | tee copy
wait
printf '\\nsums %s %s\\r\\n' "$(cut -c 1-64 written)" "$(sha256sum read | cut -c 1-64)"
`;

test('a session goes on under page reloads, and no byte is missing or comes twice', async ({ person }) => {
  test.setTimeout(120_000 + reloads * 10_000);
  const [ana, cleo] = [await person('ana'), await person('cleo')];
  // What a page asks for while it is left is given up.
  ana.expects(/ERR_ABORTED|WebSocket connection|Failed to fetch/);
  const request = await ana.ask({ namespace: 'staging', length: '1h', reason: 'the tab is reloaded' });
  const terminal = await ana.openShell(request);
  const container = await terminal.container('staging');
  const folder = `/tmp/${terminal.session}`;
  await inside(container, 'sh', '-c', `cat >${folder}-script <<'END'\n${script(folder)}\nEND`);
  await terminal.run(`sh ${folder}-script`);
  await expect.poll(() => terminal.received()).toContain('begin\n');

  let typed = '';
  const types = async (line: string) => {
    await terminal.run(line);
    typed += `${line}\n`;
    await expect.poll(() => terminal.received()).toContain(`got ${line}\n`);
  };
  for (let reload = 1; reload <= reloads; reload++) {
    await types(`line ${reload} ${Math.random()}`);
    const more = terminal.received().length + Math.random() * 50_000;
    await expect.poll(() => terminal.received().length, { intervals: [10] }).toBeGreaterThan(more);
    await ana.page.reload();
    await expect(terminal.region).toHaveAttribute('data-phase', 'ready');
  }
  expect(terminal.attached).toHaveLength(reloads + 1);
  await types('over');
  await terminal.shows(/sums [0-9a-f]{64}/);
  await terminal.isReady();
  await terminal.run('exit');
  await terminal.isEnded('the shell exited with code 0');

  const { output } = await download(cleo.page, terminal.session);
  const [, written, sums] = /begin\n([^]*)\nsums ([0-9a-f ]+)\r\n/.exec(output) ?? [];
  const sum = (text = '') => createHash('sha256').update(text).digest('hex');
  expect(sums, 'what the pod wrote and read').toBe(`${sum(written)} ${sum(typed)}`);
  const record = Buffer.from(output);
  const wrong = terminal.pieces.filter(({ offset, bytes }) => !record.subarray(offset, offset + bytes.length).equals(bytes));
  expect(wrong, 'what a page got is what was recorded at its place').toEqual([]);
});
