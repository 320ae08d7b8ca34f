import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { auditLog } from './support/audit.ts';
import { look } from './support/look.ts';
import { expect, test } from './support/test.ts';

/** The way of a page's sockets, which can be cut and barred. */
class Way {
  private readonly open = new Set<() => Promise<void>>();
  private barred = false;

  static async of(page: Page): Promise<Way> {
    const way = new Way();
    await page.routeWebSocket(/\/terminal$/, (socket) => {
      if (way.barred) return void socket.close({ code: 1001 });
      const server = socket.connectToServer();
      way.open.add(async () => {
        await server.close();
        await socket.close({ code: 1001 });
      });
    });
    return way;
  }

  /** Ends what is open, and lets nothing through until it is restored. */
  async cut(): Promise<void> {
    this.barred = true;
    for (const end of this.open) await end();
    this.open.clear();
  }

  restore(): void {
    this.barred = false;
  }
}

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
