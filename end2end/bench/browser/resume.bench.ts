import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { chromium, expect, test } from '@playwright/test';
import { portal, setting, signedIn, tell } from './figures.ts';

test('a cut', async ({ launchOptions }) => {
  const { port } = new URL(portal);
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]] as const) {
      sockets.add(one);
      one.setNoDelay();
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => { sockets.delete(one); other.destroy(); });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port: through } = proxy.address() as AddressInfo;
  const args = [...(launchOptions.args ?? []), `--host-resolver-rules=MAP localhost:${port} 127.0.0.1:${through}`];
  const browser = await chromium.launch({ ...launchOptions, args });
  const ana = await signedIn(browser, 'ana');
  ana.expects(/WebSocket|Failed to fetch|ERR_/);
  const request = await ana.ask({ namespace: 'staging', length: '1h', reason: 'the connection is cut' });
  const terminal = await ana.openShell(request);
  const taken: number[] = [];
  while (taken.length < Number(setting('BENCH_TIMES'))) {
    const ready = await terminal.region.evaluateHandle((region) => ({ again: new Promise<number>((resolve) => {
      let lost = false;
      const look = () => {
        const phase = region.dataset['phase'];
        lost ||= phase === 'reconnecting';
        if (lost && phase === 'ready') resolve(performance.timeOrigin + performance.now());
        else requestAnimationFrame(look);
      };
      look();
    }) }));
    expect(sockets.size, 'connections to be cut').toBeGreaterThan(0);
    const cut = performance.timeOrigin + performance.now();
    for (const socket of sockets) socket.resetAndDestroy();
    taken.push((await ready.evaluate(({ again }) => again)) - cut);
    await terminal.run(`echo sum $((${taken.length} + 40000))`);
    await terminal.shows(`sum ${taken.length + 40_000}`);
  }
  await terminal.run('exit');
  await terminal.isEnded('the shell exited with code 0');
  ana.complain();
  await browser.close();
  proxy.close();
  await tell(taken);
});
