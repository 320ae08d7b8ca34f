import { writeFile } from 'node:fs/promises';
import type { Browser } from '@playwright/test';
import { Person } from '../../tests/support/person.ts';

export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: \`make bench\` runs this`);
  return value;
}

export const portal = setting('SHOREPASS_URL');

/** Somebody in a browser, signed in. */
export async function signedIn(browser: Browser, name: string): Promise<Person> {
  const person = new Person(name, await (await browser.newContext({ baseURL: portal })).newPage());
  await person.signIn();
  return person;
}

/** Tells whoever started this, in milliseconds. */
export const tell = (figures: unknown) => writeFile(setting('BENCH_FIGURES'), JSON.stringify(figures));
