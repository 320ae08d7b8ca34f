import { look } from './support/look.ts';
import { expect, test } from './support/test.ts';

test('an approver gives less, and more time comes into a running terminal', async ({ person }) => {
  const [ana, ben] = [await person('ana'), await person('ben')];
  const reason = 'the queue of payments grows';
  const request = await ana.ask({ namespace: 'payments', length: '1h', reason });
  const stands = ana.page.getByRole('region', { name: 'Where it stands' });

  await test.step('ben sees what helps to decide, and leaves ten minutes of an hour', async () => {
    await ben.inspect(reason);
    const shown = ben.page.getByRole('article');
    await expect(shown).toContainText('this person here, in 30 days');
    await ben.page.getByText('Give less').click();
    await ben.page.getByLabel('Length').fill('2h');
    await ben.page.getByRole('button', { name: 'Approve' }).click();
    await expect(ben.page.getByText('At least one minute, and at most 1 h.')).toBeVisible();
    // The page stands at its own address again, and follows what happens.
    await expect(ben.page).toHaveURL(/\/inbox\?selected=/);
    ben.expects(/status of 422/);
    await look(ben.page, 'inbox-give-less');
    await ben.page.getByLabel('Length').fill('10m');
    await ben.page.getByRole('button', { name: 'Approve' }).click();
    await ben.isTold('You approved the request.');
    await expect(stands).toContainText(/10 min left|9 min/);
  });

  const terminal = await ana.openShell(request);
  await test.step('ana asks for more, and the terminal that runs hears of it', async () => {
    const page = await ana.page.context().newPage();
    await page.goto(request);
    await page.getByRole('link', { name: 'Extend' }).click();
    await expect(page.getByRole('heading', { name: 'More time in payments' })).toBeVisible();
    await page.locator('label', { has: page.getByRole('radio', { name: '30 min' }) }).click();
    await page.getByLabel('Reason').fill('it has not drained yet');
    await look(page, 'extend');
    await page.getByRole('button', { name: 'Send request' }).click();
    await expect(page.getByText('Your request was sent.')).toBeVisible();
    await ben.approve('it has not drained yet');
    await expect(ana.page.getByText(/Extended to \d\d:\d\d/)).toBeVisible();
    await expect(ana.page.getByText(/(39|40) min left/).first()).toBeVisible();
    await terminal.run('echo still $((6*7))');
    await terminal.shows('still 42');
    await page.close();
  });
});

test('an approver thinks again before the grant is made, which is for one workload alone', async ({ person }) => {
  const [ana, ben] = [await person('ana'), await person('ben')];
  const reason = 'web answers slowly since noon';
  await ana.page.goto('/ns/main/payments');
  await ana.fillIn({ length: '20m', reason });
  await ana.page.getByLabel('Pods').selectOption('Deployment web');
  await look(ana.page, 'ask-workload');
  await ana.page.getByRole('button', { name: 'Send request' }).click();
  await ana.isTold('Your request was sent.');
  const request = new URL(ana.page.url()).pathname;
  const stands = ana.page.getByRole('region', { name: 'Where it stands' });

  await ben.approve(reason);
  await expect(stands).toContainText('Approved by ben');
  await ben.page.keyboard.press('u');
  await ben.isTold('You took your approval back.');
  await expect(stands).toContainText('Waiting for');
  await expect(ben.page.getByRole('button', { name: 'Approve' })).toBeVisible();
  await ben.page.keyboard.press('a');
  await ben.isTold('You approved the request.');
  await ben.page.goto(request);
  await look(ben.page, 'request-undo');
  await expect(stands).toContainText('Granted.');
  await expect(ana.page.getByText('took the approval back')).toBeVisible();
  await expect(ana.page.getByText('The grant of shell began')).toHaveCount(1);

  await ana.page.getByRole('link', { name: 'Open shell' }).click();
  await expect(ana.page.getByRole('heading', { name: 'web Deployment' })).toBeVisible();
  await expect(ana.page.getByRole('heading', { name: 'api Deployment' })).toHaveCount(0);
  await look(ana.page, 'shell-workload');
});

test('a notification of the browser, where it is asked for, tells of a decision', async ({ person }) => {
  const [ana, ben] = [await person('ana'), await person('ben')];
  const { page } = ana;
  await page.context().grantPermissions(['notifications']);
  // What the browser would show beside its window is kept, to be looked at.
  await page.addInitScript(() => {
    const shown: string[] = [];
    class Kept extends EventTarget {
      static readonly permission = 'granted';
      static readonly requestPermission = () => Promise.resolve('granted');
      constructor(_title: string, options: { body: string }) {
        super();
        shown.push(options.body);
      }
    }
    Object.assign(window, { Notification: Kept, shown });
  });
  const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown);
  const reason = 'the queue of refunds grows';
  await ana.ask({ namespace: 'payments', reason });
  const toggle = page.getByRole('button', { name: 'Notify me' });
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  expect(await shown()).toEqual(['You will be notified here while you look at something else.']);
  await page.getByRole('button', { name: 'Remind' }).click();
  ana.expects(/status of 409/);
  await expect(page.getByText('less than five minutes ago')).toBeVisible();
  await look(page, 'request-remind');

  await page.reload();
  await page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true, configurable: true }));
  await ben.approve(reason);
  await expect.poll(shown).toContainEqual(expect.stringContaining('Granted.'));
  await page.goto('/inbox');
  await toggle.click();
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByText('Notifications are off')).toBeVisible();
});

test('a change makes an approval void, and says so', async ({ person }) => {
  const [ana, ben] = [await person('ana'), await person('ben')];
  const request = await ana.ask({ namespace: 'checkout', reason: 'carts lose what is in them' });
  await ben.approve('carts lose what is in them');
  await ana.page.goto(request);
  await ana.page.getByRole('link', { name: 'Change' }).click();
  await expect(ana.page.getByText('a change makes them void')).toBeVisible();
  await ana.page.getByLabel('Reason').fill('carts lose what is in them, now everywhere');
  await look(ana.page, 'change');
  await ana.page.getByRole('button', { name: 'Send the change' }).click();
  await ana.isTold('Your request was changed.');
  await expect(ana.page.getByText('one approval is void')).toBeVisible();
  await ana.page.getByLabel('Comment').fill('it began at noon');
  await ana.page.getByRole('button', { name: 'Send comment' }).click();
  await ana.isTold('Your comment was sent.');
  await look(ana.page, 'request-changed');
  await ben.approve('now everywhere');
});

test('in need the glass is broken, and somebody else reviews it', async ({ person }) => {
  const [ana, ben, cleo] = [await person('ana'), await person('ben'), await person('cleo')];
  const reason = 'nobody answers and payments are down';
  await ana.page.goto('/ns/main/payments');
  await ana.fillIn({ length: '20m', reason });
  await ana.page.getByText('Break the glass').click();
  await look(ana.page, 'ask-glass');
  await ana.page.getByRole('button', { name: 'Send request' }).click();
  await expect(ana.page.getByRole('link', { name: 'Open shell' })).toBeVisible();
  await expect(ana.page.getByText('The glass was broken: nobody was asked before.')).toBeVisible();
  await look(ana.page, 'request-glass');

  await ben.inspect(reason);
  await expect(ben.page.getByRole('article')).toContainText('glass broken');
  await cleo.inspect(reason);
  await cleo.page.getByLabel('Review').fill('short');
  await cleo.page.getByRole('button', { name: 'Close with this review' }).click();
  cleo.expects(/status of 422/);
  await expect(cleo.page.getByText(/at least 10 characters/i).first()).toBeVisible();
  await look(cleo.page, 'glass-review');
  await cleo.page.getByLabel('Review').fill('The lead on duty did not answer; only logs were read.');
  await cleo.page.getByRole('button', { name: 'Close with this review' }).click();
  await cleo.isTold('You reviewed that the glass was broken.');
  await expect(ana.page.getByText('cleo reviewed it')).toBeVisible();
});

test('the policy says why, to everybody about themselves and to operators about all', async ({ person }) => {
  const [eve, dora] = [await person('eve'), await person('dora')];
  await eve.page.goto('/policy');
  await expect(eve.page.getByRole('heading', { name: 'Rules' })).toHaveCount(0);
  await eve.page.getByLabel('Namespace').fill('payments');
  await eve.page.getByLabel('Role').selectOption('shell');
  await eve.page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(eve.page.getByText('No rule of the policy allows it.')).toBeVisible();
  await expect(eve.page.getByRole('row', { name: /payments-shell/ })).toContainText('is for members of oncall');
  await look(eve.page, 'policy-eve');

  await dora.page.goto('/policy?person=ana&groups=oncall&namespace=payments&role=shell');
  await expect(dora.page.getByRole('region', { name: 'Decision' })).toContainText('1 of payments-leads');
  await expect(dora.page.getByRole('region', { name: 'Rules' }).getByRole('row')).toHaveCount(7);
  await look(dora.page, 'policy');
});

test('thirty requests are decided by keyboard alone', async ({ person }) => {
  test.setTimeout(180_000);
  const [ana, ben] = [await person('ana'), await person('ben')];
  for (let number = 1; number <= 30; number++) {
    const fields = { role: 'shell', length: '15m', reason: `number ${number} of thirty` };
    expect(await ana.post('/ns/main/payments', fields)).toBe(200);
  }
  await ben.page.goto('/inbox');
  await look(ben.page, 'inbox-thirty');
  for (let left = 30; left > 0; left--) {
    await expect(ben.page.getByText(left === 1 ? '1 request waits for you.' : `${left} requests wait for you.`)).toBeVisible();
    await ben.page.keyboard.press('a');
    await ben.isTold('You approved the request.');
  }
  await expect(ben.page.getByText('Nothing waits for you.')).toBeVisible();
});
