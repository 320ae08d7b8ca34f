import { auditLog } from './support/audit.ts';
import { bypass, podOf } from './support/cluster.ts';
import { look } from './support/look.ts';
import { expect, test } from './support/test.ts';

const wish = { role: 'shell', length: '15m', length_other: '', reason: 'because I would like to' };

test('eve may request nothing, is told why, and is refused when she tries by hand', async ({ person }) => {
  const eve = await person('eve');
  await expect(eve.page.getByText('There is nothing you may request')).toBeVisible();
  await expect(eve.page.getByText('Your identity provider names no groups for you.')).toBeVisible();
  await expect(eve.page.getByText('payments-shell')).toBeVisible();
  await expect(eve.page.getByText('The people who run Shorepass: platform.')).toBeVisible();
  await look(eve.page, 'namespaces-nothing-for-eve');
  for (const namespace of ['payments', 'checkout', 'staging', 'kube-system']) {
    expect(await eve.post(`/ns/main/${namespace}`, wish), namespace).toBe(403);
  }
  await eve.visit('/ns/main/payments');
  await expect(eve.page.getByText('Nothing here may be requested by you')).toBeVisible();
  await look(eve.page, 'ask-nothing');
  await eve.page.goto('/inbox');
  await look(eve.page, 'inbox-empty');
  await eve.page.goto('/sessions');
  await look(eve.page, 'sessions-none');
  expect(await eve.visit('/audit')).toBe(403);
  await look(eve.page, 'not-for-you');
  expect(await eve.visit('/no/such/page')).toBe(404);
  await look(eve.page, 'not-found');

  const cleo = await person('cleo');
  const log = await auditLog(cleo.page);
  expect(log.filter((entry) => entry.kind === 'request-sent')).toEqual([]);
  const refused = log.filter((entry) => entry.kind === 'refused' && entry.text.includes('kube-system'));
  expect(refused).toHaveLength(1);
});

test("eve sees nothing of ana's request, nor of her session", async ({ person }) => {
  const [ana, eve] = [await person('ana'), await person('eve')];
  const request = await ana.ask({ namespace: 'staging', reason: 'not for the eyes of eve' });
  const terminal = await ana.openShell(request);
  for (const path of [request, `${request}/shell`, `/sessions/${terminal.session}`, `/recordings/${terminal.session}/download`]) {
    expect(await eve.visit(path), path).toBe(404);
  }
  for (const path of [`${request}/end`, `${request}/withdraw`, `/sessions/${terminal.session}/end`]) {
    expect(await eve.post(path, {}), path).toBe(404);
  }
  await terminal.run('echo untouched $((6*7))');
  await terminal.shows('untouched 42');
});

test('kube-system is refused by Shorepass, and past Shorepass by the API server', async ({ person }) => {
  const ana = await person('ana');
  expect(await ana.post('/ns/main/kube-system', wish)).toBe(403);
  await ana.visit('/ns/main/kube-system');
  await expect(ana.page.getByRole('button', { name: 'Send request' })).toHaveCount(0);

  const web = await podOf('payments', 'web');
  const exec = (namespace: string, pod: string) => `/api/v1/namespaces/${namespace}/pods/${pod}/exec?container=web&command=true&stdout=true`;
  const granted = {
    user: 'shorepass:ana',
    group: 'jit:shell:payments',
    extras: { 'shorepass.dev/grant': 'a-test', 'shorepass.dev/session': 'a-test', 'shorepass.dev/pod': web },
  };
  expect((await bypass(exec('payments', web), granted, true)).status, 'what a grant allows').toBe(101);
  const refused = [
    ['another namespace', exec('kube-system', web), granted],
    ['a namespace nobody onboarded', exec('kube-system', web), { ...granted, group: 'jit:shell:kube-system' }],
    ["another namespace's pods", '/api/v1/namespaces/kube-system/pods', granted],
    ['secrets', '/api/v1/namespaces/payments/secrets', granted],
    ['all power', exec('payments', web), { ...granted, group: 'system:masters' }],
  ] as const;
  for (const [what, path, identity] of refused) {
    expect((await bypass(path, identity, path.includes('/exec'))).status, what).toBe(403);
  }
  const other = { ...granted, extras: { ...granted.extras, 'shorepass.dev/pod': 'another-pod' } };
  const answer = await bypass(exec('payments', web), other, true);
  expect(answer.status, 'another pod than the extras name').toBe(422);
});
