import { ofSession } from './support/cluster.ts';
import { look } from './support/look.ts';
import { expect, test } from './support/test.ts';

test('signing out ends a terminal in another tab within a second (o-17)', { tag: '@waits' }, async ({ person }) => {
  const ana = await person('ana');
  ana.expects(/status of 401/);
  const request = await ana.ask({ namespace: 'staging', reason: 'to leave it behind' });
  const terminal = await ana.openShell(request);
  const [container, session] = [await terminal.container('staging'), terminal.session];
  const second = await ana.page.context().newPage();
  await second.goto('/');
  const [answered] = await Promise.all([
    second.waitForResponse((response) => response.url().endsWith('/sign-out')).then(() => Date.now()),
    second.getByRole('button', { name: 'Sign out' }).click(),
  ]);
  await expect(terminal.region).toHaveAttribute('data-phase', 'left');
  expect((terminal.closedAt ?? Infinity) - answered).toBeLessThan(1_000);
  await expect(terminal.region.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await second.getByRole('button', { name: 'Sign out' }).click();
  await expect(second.getByText('You are signed out.')).toBeVisible();
  await look(second, 'signed-out');
  await ana.page.goto(request);
  await expect(ana.page.getByRole('button', { name: /^Continue with/ })).toBeVisible();

  await test.step('when nobody comes back within the grace time, the shell ends too', async () => {
    await expect.poll(() => ofSession(container, session), { timeout: 40_000 }).toEqual([]);
  });
});

test('whoever the provider disables is out within the time it is asked again (o-21)', { tag: '@waits' }, async ({ person, portal }) => {
  const ana = await person('ana');
  ana.expects(/status of 401/);
  const request = await ana.ask({ namespace: 'staging', reason: 'somebody leaves the company' });
  const terminal = await ana.openShell(request);
  const [container, session] = [await terminal.container('staging'), terminal.session];
  await portal.change('ana', { disabled: true });
  await expect(terminal.region).toHaveAttribute('data-phase', 'left', { timeout: 25_000 });
  await ana.page.goto('/');
  await expect(ana.page.getByRole('button', { name: /^Continue with/ })).toBeVisible();
  await expect.poll(() => ofSession(container, session), { timeout: 40_000 }).toEqual([]);
});

test('whoever is not signed in is led to where they wanted to go', async ({ person }) => {
  const ana = await person('ana', { signIn: false });
  await ana.signIn('/ns/main/payments?role=shell');
  await expect(ana.page.getByRole('heading', { name: 'Request access to payments' })).toBeVisible();
  await expect(ana.page.getByRole('radio', { name: 'Shell' })).toBeChecked();
});
