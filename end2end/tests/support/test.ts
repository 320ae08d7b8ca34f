import { test as base } from '@playwright/test';
import { Person, type PersonOptions } from './person.ts';
import { Portal } from './portal.ts';

export { expect } from '@playwright/test';

interface Fixtures {
  /** A portal that nobody else uses. */
  portal: Portal;
  /** Somebody in a browser of their own, signed in. A page that reports an error fails the test. */
  person: (name: string, options?: PersonOptions) => Promise<Person>;
}

export const test = base.extend<Fixtures>({
  portal: async ({}, use, info) => {
    const portal = await Portal.start();
    await use(portal);
    if (info.status !== info.expectedStatus) {
      await info.attach('portal.log', { body: await portal.log(), contentType: 'text/plain' });
    }
    await portal.stop();
  },

  person: async ({ browser, portal }, use) => {
    const people: Person[] = [];
    await use(async (name, options = {}) => {
      const { signIn = true, ...context } = options;
      const page = await (await browser.newContext({ ...context, baseURL: portal.url })).newPage();
      const person = new Person(name, page);
      people.push(person);
      if (signIn) await person.signIn();
      return person;
    });
    for (const person of people) person.complain();
    for (const person of people) await person.page.context().close();
  },
});
