import { type BrowserContextOptions, expect, type Locator, type Page } from '@playwright/test';
import { Terminal } from './terminal.ts';

export interface PersonOptions extends Pick<BrowserContextOptions, 'javaScriptEnabled' | 'viewport'> {
  /** Whether to sign in before the test begins. */
  signIn?: boolean;
}

export interface Wish {
  namespace: string;
  role?: string;
  /** As typed, e.g. `1m`. */
  length?: string;
  reason: string;
}

/** Where the provider's own pages are; the portal's are at `localhost`. */
const provider = 'http://127.0.0.1';

/** What a busy browser says when it gives up the animation between two pages: nobody sees it. */
const ANIMATION = /Transition was (aborted|skipped)/;

/** Somebody with a browser. */
export class Person {
  private readonly problems: string[] = [];
  private readonly expected: RegExp[] = [ANIMATION];

  constructor(
    readonly name: string,
    readonly page: Page,
  ) {
    const context = page.context();
    context.on('console', (message) => {
      const { url } = message.location();
      if (message.type() === 'error' && !url.startsWith(provider)) this.problems.push(`${message.text()} (${url})`);
    });
    context.on('weberror', (error) => this.problems.push(String(error.error())));
  }

  /** What the console may say, because the test provokes it. */
  expects(...messages: RegExp[]): void {
    this.expected.push(...messages);
  }

  /** Fails when a page reported anything else, a violation of its content security policy above all. */
  complain(): void {
    const unexpected = this.problems.filter((problem) => !this.expected.some((words) => words.test(problem)));
    expect(unexpected, `what ${this.name}'s console says`).toEqual([]);
  }

  /** Signs in from wherever the page is, and comes back to it. */
  async signIn(path = '/'): Promise<void> {
    await this.page.goto(path);
    await this.page.getByRole('button', { name: 'Continue with the demo provider' }).click();
    await this.page.getByRole('button', { name: `Sign in as ${this.name}` }).click();
    await expect(this.page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  }

  /** Fills in the request form and sends it; the path of what came of it. */
  async ask(wish: Wish): Promise<string> {
    await this.page.goto('/');
    await this.row(wish.namespace).getByRole('link', { name: 'Request access' }).click();
    await this.fillIn(wish);
    await this.page.getByRole('button', { name: 'Send request' }).click();
    await this.page.waitForURL(/\/requests\/[0-9a-f-]+$/);
    return new URL(this.page.url()).pathname;
  }

  async fillIn({ role = 'Shell', length = '30m', reason }: Omit<Wish, 'namespace'>): Promise<void> {
    await this.choose(role);
    await this.choose('Other');
    await this.page.getByLabel('Other length').fill(length);
    await this.page.getByLabel('Reason').fill(reason);
  }

  /** Clicks the words beside a radio button, as people do. */
  async choose(name: string): Promise<void> {
    const radio = this.page.getByRole('radio', { name, exact: true });
    await this.page.locator('label', { has: radio }).click();
    await expect(radio).toBeChecked();
  }

  /** Opens a request in the inbox. */
  async inspect(reason: string): Promise<void> {
    await this.page.goto('/inbox');
    await this.page.getByRole('link', { name: reason }).click();
    await expect(this.page.getByRole('article')).toContainText(reason);
  }

  async approve(reason: string): Promise<void> {
    await this.inspect(reason);
    await this.page.getByRole('button', { name: 'Approve' }).click();
    await this.isTold('You approved the request.');
  }

  /** From the request's page to a prompt in a container of a pod whose name begins so. */
  async openShell(request: string, container = 'web', pod = 'web'): Promise<Terminal> {
    const terminal = new Terminal(this.page);
    await this.page.goto(request);
    await this.page.getByRole('link', { name: 'Open shell' }).click();
    await this.page.getByRole('button', { name: `Open shell in ${container} of ${pod}` }).first().click();
    await terminal.isReady();
    return terminal;
  }

  /** Sends a form by hand, from the portal's own page but without its form; the status of the answer. */
  post(path: string, fields: Record<string, string>): Promise<number> {
    this.expects(/the server responded with a status of 4\d\d/);
    return this.page.evaluate(async ([path, fields]) => {
      const answer = await fetch(path, { method: 'POST', body: new URLSearchParams(fields) });
      return answer.status;
    }, [path, fields] as const);
  }

  /** The status of a page, opened by its address. */
  async visit(path: string): Promise<number | undefined> {
    this.expects(/the server responded with a status of 4\d\d/);
    return (await this.page.goto(path))?.status();
  }

  /** What was just done is said above the page. */
  async isTold(words: string): Promise<void> {
    await expect(this.page.locator('#notice')).toHaveText(words);
  }

  /** The line of a namespace on the first page. */
  row(namespace: string): Locator {
    return this.page.getByRole('row').filter({ has: this.page.getByText(namespace, { exact: true }) });
  }
}
