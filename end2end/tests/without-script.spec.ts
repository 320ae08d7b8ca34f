import { expect, test } from './support/test.ts';

const javaScriptEnabled = false;

test('without JavaScript ana asks, is told her mistakes, and ben decides on his phone', async ({ person }) => {
  const ana = await person('ana', { javaScriptEnabled });
  const ben = await person('ben', { javaScriptEnabled, viewport: { width: 390, height: 844 } });
  ana.expects(/status of 422/);
  ben.expects(/status of 422/);

  await test.step('a refused form keeps what was typed, beside what is wrong with it', async () => {
    await ana.row('payments').getByRole('link', { name: 'Request access' }).click();
    await ana.fillIn({ length: '3h', reason: 'short' });
    const [answer] = await Promise.all([
      ana.page.waitForResponse((response) => response.request().method() === 'POST'),
      ana.page.getByRole('button', { name: 'Send request' }).click(),
    ]);
    expect(answer.status()).toBe(422);
    await expect(ana.page.getByRole('radio', { name: 'Shell' })).toBeChecked();
    await expect(ana.page.getByLabel('Other length')).toHaveValue('3h');
    await expect(ana.page.getByLabel('Reason')).toHaveValue('short');
    await expect(ana.page.getByLabel('Reason')).toHaveAccessibleDescription(/at least 10 characters/);
    await expect(ana.page.getByText('At most 2 h can be asked for.')).toBeVisible();
  });

  const first = 'INC-2042: the first without script';
  await ana.fillIn({ length: '15m', reason: first });
  await ana.page.getByRole('button', { name: 'Send request' }).click();
  await ana.isTold('Your request was sent.');
  const request = new URL(ana.page.url()).pathname;

  await test.step('ben must say why he denies, and ana reads it', async () => {
    await ben.inspect(first);
    await ben.page.getByRole('button', { name: 'Deny' }).click();
    await expect(ben.page.getByLabel('Reason for denying')).toHaveAccessibleDescription(/Say why/);
    await ben.page.getByLabel('Reason for denying').fill('Look at the dashboard first.');
    await ben.page.getByRole('button', { name: 'Deny' }).click();
    await ben.isTold('You denied the request.');
    await ana.page.goto(request);
    await expect(ana.page.getByText('Look at the dashboard first.').first()).toBeVisible();
    await ana.page.getByRole('link', { name: 'Request again' }).click();
  });

  await test.step('ben approves the second, and ana may open a shell', async () => {
    const second = 'INC-2042: the dashboard shows nothing';
    await ana.fillIn({ length: '15m', reason: second });
    await ana.page.getByRole('button', { name: 'Send request' }).click();
    await ben.approve(second);
    // The grant is made a few seconds later; without script, pages change when they are loaded.
    await expect(async () => {
      await ana.page.getByRole('link', { name: 'Look again' }).click();
      await expect(ana.page.getByRole('link', { name: 'Open shell' })).toBeVisible({ timeout: 500 });
    }).toPass();
    await ana.page.getByRole('link', { name: 'Open shell' }).click();
    await expect(ana.page.getByRole('button', { name: /Open shell in web/ }).first()).toBeVisible();
  });

  await test.step('the page of a session says what a terminal needs, and can end it', async () => {
    await ana.page.getByRole('button', { name: /Open shell in web/ }).first().click();
    await expect(ana.page.locator('noscript p')).toContainText('A terminal needs JavaScript');
    await ana.page.getByRole('button', { name: 'End session' }).click();
    await ana.isTold('The session was ended.');
  });
});
