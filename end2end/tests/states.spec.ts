import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from '@playwright/test';
import { check, checkPhone, phone } from './support/look.ts';

const { CARGO_TARGET_DIR: built } = process.env;
/** Every page in every state, as `app/examples/gallery.rs` has rendered it. */
const gallery = `${built}/gallery`;
if (!existsSync(gallery)) throw new Error(`${gallery} is missing: end2end/README.md says how it is made`);

const states = readdirSync(gallery).flatMap((file) => /^(.*)-system\.html$/.exec(file)?.[1] ?? []);
const pageOf = (state: string) => /^[^-]*/.exec(state)?.[0] ?? state;

for (const page of new Set(states.map(pageOf))) {
  test(`every state of ${page} can be read by everybody, and on a phone`, async ({ browser }) => {
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    const sheet = await context.newPage();
    await sheet.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      const style = /\/(\w+\.css)$/.exec(pathname)?.[1];
      if (style !== undefined) return route.fulfill({ path: `${built}/site/bundle/${style}` });
      if (route.request().resourceType() !== 'document') return route.abort();
      const body = await readFile(`${gallery}${pathname}-system.html`, 'utf8');
      return route.fulfill({ contentType: 'text/html', body });
    });
    for (const name of states.filter((state) => pageOf(state) === page)) {
      await sheet.emulateMedia({ colorScheme: 'light' });
      await sheet.setViewportSize({ width: 1280, height: 800 });
      await sheet.goto(`http://gallery.example/${name}`);
      await check(sheet, `${name}, light`);
      await sheet.emulateMedia({ colorScheme: 'dark' });
      await sheet.setViewportSize(phone);
      await checkPhone(sheet, name);
    }
    await context.close();
  });
}
