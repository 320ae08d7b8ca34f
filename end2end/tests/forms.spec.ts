import { look } from './support/look.ts';
import { expect, test } from './support/test.ts';

test('a refused form says what is wrong, begins there, and loses nothing', async ({ person }) => {
  const ana = await person('ana');
  ana.expects(/status of 422/);
  await ana.page.goto('/ns/main/payments');
  await ana.fillIn({ length: '3h', reason: 'short' });
  await ana.page.getByRole('button', { name: 'Send request' }).click();
  await expect(ana.page.getByText('At most 2 h can be asked for.')).toBeVisible();
  await expect(ana.page.getByLabel('Other length')).toHaveValue('3h');
  await expect(ana.page.getByLabel('Other length')).toBeFocused();
  await expect(ana.page.getByLabel('Reason')).toHaveValue('short');
  await expect(ana.page.getByRole('radio', { name: 'Shell' })).toBeChecked();
  await look(ana.page, 'ask-refused');
});

test('what is typed survives a reload, and a change of colours', async ({ person }) => {
  const ana = await person('ana');
  await ana.page.goto('/ns/main/checkout');
  await ana.page.getByLabel('Reason').fill('a long thought, not yet at its end');
  await ana.page.reload();
  await expect(ana.page.getByLabel('Reason')).toHaveValue('a long thought, not yet at its end');
  await ana.page.getByRole('button', { name: 'Dark colours' }).click();
  await expect(ana.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(ana.page.getByLabel('Reason')).toHaveValue('a long thought, not yet at its end');
  await ana.page.goto('/inbox');
  await expect(ana.page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('denying takes a reason', async ({ person }) => {
  const [ana, ben] = [await person('ana'), await person('ben')];
  ben.expects(/status of 422/);
  const reason = 'let me have a look at it';
  await ana.ask({ namespace: 'payments', reason });
  await ben.inspect(reason);
  await ben.page.getByRole('button', { name: 'Deny' }).click();
  await expect(ben.page.getByLabel('Reason for denying')).toHaveAccessibleDescription(/Say why/);
  await expect(ben.page.getByLabel('Reason for denying')).toBeFocused();
  await look(ben.page, 'inbox-denied-without-reason');
  await ben.page.getByLabel('Reason for denying').fill('Not during the settlement run.');
  await ben.page.getByRole('button', { name: 'Deny' }).click();
  await expect(ana.page.getByText('Not during the settlement run.').first(), 'without a reload').toBeVisible();
  await look(ana.page, 'request-denied');
});

test('an answer of the provider that nobody asked for signs nobody in (o-01)', async ({ person }) => {
  const ana = await person('ana', { signIn: false });
  const status = await ana.visit('/sign-in/callback?code=stolen&state=unknown');
  expect(status).toBeGreaterThanOrEqual(400);
  await expect(ana.page.getByRole('alert')).toBeVisible();
  await look(ana.page, 'sign-in-refused');
  await ana.signIn();
});

test('a favourite comes first, and stays so in this browser', async ({ person }) => {
  const ana = await person('ana');
  const names = ana.page.getByRole('table').locator('.name');
  await expect(names).toHaveText(['checkout', 'payments', 'staging']);
  const star = ana.page.getByRole('button', { name: 'Favourite staging' });
  await expect(star).toHaveAttribute('aria-pressed', 'false');
  await star.click();
  await expect(names).toHaveText(['staging', 'checkout', 'payments']);
  await expect(star).toHaveAttribute('aria-pressed', 'true');
  await ana.page.reload();
  await expect(names).toHaveText(['staging', 'checkout', 'payments']);
  await look(ana.page, 'namespaces-favourite');
  await star.click();
  await expect(names).toHaveText(['checkout', 'payments', 'staging']);
});
