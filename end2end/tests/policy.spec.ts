import { readFile, writeFile } from 'node:fs/promises';
import { auditLog } from './support/audit.ts';
import { look } from './support/look.ts';
import { expect, test } from './support/test.ts';

test('checkout takes two approvers, and one person counts once', async ({ person }) => {
  const ana = await person('ana');
  const [ben, dora] = [await person('ben'), await person('dora')];
  const reason = 'carts are emptied by themselves';
  const request = await ana.ask({ namespace: 'checkout', reason });
  const stands = ana.page.getByRole('region', { name: 'Where it stands' });
  await expect(stands).toContainText('2 of payments-leads or platform');

  await ben.approve(reason);
  await expect(stands).toContainText('approved by ben');
  await expect(ana.page.getByText('Approved 1/2')).toBeVisible();
  await look(ana.page, 'request-half-approved');
  await ben.inspect(reason);
  await expect(ben.page.getByRole('button', { name: 'Approve' })).toHaveCount(0);
  await expect(ben.page.getByText('You approved this request.', { exact: true })).toBeVisible();
  const digest = await dora.page.goto(request).then(() => dora.page.locator('input[name=digest]').getAttribute('value'));
  expect(await ben.post(`${request}/approve`, { digest: digest ?? '' }), 'a-02: once more by hand').toBe(409);
  await expect(stands.getByRole('link', { name: 'Open shell' })).toHaveCount(0);

  await dora.inspect(reason);
  await expect(dora.page.getByRole('article')).toContainText('Approved by ben');
  await look(dora.page, 'inbox-second-approver');
  await dora.page.getByRole('button', { name: 'Approve' }).click();
  await expect(stands.getByRole('link', { name: 'Open shell' })).toBeVisible();
});

test('staging and observing are granted at once', async ({ person }) => {
  const ana = await person('ana');
  await ana.ask({ namespace: 'staging', reason: 'nobody needs to agree here' });
  await expect(ana.page.getByRole('link', { name: 'Open shell' })).toBeVisible();
  await ana.ask({ namespace: 'payments', role: 'Look and logs', reason: 'only to look at them' });
  await expect(ana.page.getByText('Granted.')).toBeVisible();
  await expect(ana.page.getByRole('link', { name: 'Open shell' }), 'a-12: looking is no shell').toHaveCount(0);
  await ana.page.goto('/');
  await expect(ana.page.getByRole('region', { name: 'What you hold now' }).getByRole('article')).toHaveCount(2);
  await look(ana.page, 'namespaces-held');
});

test('another policy is tried on the requests of the last days', async ({ person, portal }) => {
  const ana = await person('ana');
  await ana.ask({ namespace: 'payments', role: 'Look and logs', reason: 'only to look at them' });
  await ana.ask({ namespace: 'staging', reason: 'nobody needs to agree here' });
  const [good, other] = [await readFile(portal.policy, 'utf8'), `${portal.policy}.other`];
  await writeFile(other, good);
  const replay = () => portal.command('policy', 'replay', '--against', other);
  expect(await replay()).toContain('decides 0 of 2 requests of the last 30 days otherwise');
  const rule = [
    '  - name: careful-with-more',
    "    when: target.labels['shorepass.dev/risk'] == 'test' && person.holds.exists(held, held == 'observe@main/payments')",
    '    deny: End what you hold first.',
  ];
  await writeFile(other, good.replace('\nrules:\n', `\nrules:\n${rule.join('\n')}\n`));
  const changed = await replay();
  expect(changed).toContain('decides 1 of 2 requests of the last 30 days otherwise');
  expect(changed).toMatch(/ana +shell in staging\n +was approve \(.*\)\n +now deny \(careful-with-more\)/);
});

test('nobody approves their own request, even when they lead the approvers (a-01)', async ({ person, portal }) => {
  await portal.change('ana', { groups: ['oncall', 'payments-leads'] });
  const ana = await person('ana');
  const reason = 'I would trust myself here';
  const request = await ana.ask({ namespace: 'payments', reason });
  await expect(ana.page.getByRole('button', { name: 'Withdraw' })).toBeVisible();
  await ana.inspect(reason);
  await expect(ana.page.getByRole('article')).toContainText('Nobody decides on their own request');
  await expect(ana.page.getByRole('button', { name: 'Approve' })).toHaveCount(0);
  await look(ana.page, 'inbox-own');
  const ben = await person('ben');
  await ben.page.goto(request);
  const digest = (await ben.page.locator('input[name=digest]').getAttribute('value')) ?? '';
  expect(await ana.post(`${request}/approve`, { digest })).toBe(403);
  await ana.page.goto(request);
  await ana.page.getByRole('button', { name: 'Withdraw' }).click();
  await ana.isTold('Your request was withdrawn.');
  await look(ana.page, 'request-withdrawn');
});

test('a broken policy file is refused, the pages say so, and a good one is taken', async ({ person, portal }) => {
  const [ana, cleo] = [await person('ana'), await person('cleo')];
  const good = await readFile(portal.policy, 'utf8');
  await writeFile(portal.policy, good.replace('approvers: [payments-leads]', 'approver: [payments-leads]'));
  await expect(ana.page.getByText('The changed policy file was refused')).toBeVisible();
  await expect(ana.page.getByText(/line \d+/)).toBeVisible();
  await look(ana.page, 'policy-refused');
  await ana.ask({ namespace: 'payments', reason: 'the old policy is in force' });
  await expect(ana.page.getByText('1 of payments-leads').first()).toBeVisible();
  await writeFile(portal.policy, good);
  await expect(ana.page.getByText('The changed policy file was refused')).toHaveCount(0);
  await writeFile(portal.policy, good.replace('longest: 1h', 'longest: 30m'));
  await expect.poll(async () => (await auditLog(cleo.page, '?kind=policy-loaded')).length).toBe(1);
  expect(await auditLog(cleo.page, '?kind=policy-refused')).toHaveLength(1);
});
