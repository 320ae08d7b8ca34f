import { expect, type Locator, type Page, type WebSocket } from '@playwright/test';
import type { Container } from './cluster.ts';

/** Channels of the terminal's protocol, from the crate `domain`, module `wire`. */
const OUTPUT = 1;
const ATTACH = 17;
const SCREEN = 24;

/** The terminal on a page, and what goes over its sockets. */
export class Terminal {
  readonly region: Locator;
  /** Where typing goes. */
  readonly input: Locator;
  /** Address and first message of each socket. */
  readonly attached: { url: string; ticket: Buffer }[] = [];
  /** When the latest socket was closed, in milliseconds since 1970. */
  closedAt: number | undefined;
  /** All output that its sockets received, and its place in the session's. */
  readonly pieces: { offset: number; bytes: Buffer }[] = [];
  /** Screens that were sent instead of output. */
  screens = 0;
  private asked = 0;

  /** Made before the page opens its terminal, so that nothing of it is missed. */
  constructor(private readonly page: Page) {
    this.region = page.getByRole('region', { name: 'Terminal' });
    this.input = this.region.getByRole('textbox', { name: 'Terminal input' });
    page.on('websocket', (socket) => this.follow(socket));
  }

  private follow(socket: WebSocket): void {
    socket.on('framesent', ({ payload }) => {
      const message = bytes(payload);
      if (message[0] === ATTACH) this.attached.push({ url: socket.url(), ticket: message });
    });
    socket.on('framereceived', ({ payload }) => {
      const message = bytes(payload);
      if (message[0] === OUTPUT) this.pieces.push({ offset: Number(message.readBigUInt64BE(1)), bytes: message.subarray(9) });
      // Byte 13 says whether it is a screen's last part.
      if (message[0] === SCREEN && message[13] === 1) this.screens += 1;
    });
    socket.on('close', () => { this.closedAt = Date.now(); });
  }

  /** How many bytes of output its sockets received. */
  get bytes(): number {
    return this.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** All output that its sockets received. */
  received(): string {
    return Buffer.concat(this.pieces.map(({ bytes }) => bytes)).toString('utf8');
  }

  get session(): string {
    const id = /\/sessions\/([0-9a-f-]+)/.exec(this.page.url())?.[1];
    if (!id) throw new Error(`${this.page.url()} is no session`);
    return id;
  }

  /** The container it is in. */
  async container(namespace: string, container = 'web'): Promise<Container> {
    const heading = this.page.getByRole('heading', { level: 1 });
    return { namespace, pod: (await heading.textContent())?.trim() ?? '', container };
  }

  /** The lines of the screen. */
  rows(): Locator {
    return this.region.locator('.xterm-rows > div');
  }

  async isReady(): Promise<void> {
    await expect(this.region).toHaveAttribute('data-phase', 'ready');
    await expect(this.rows().filter({ hasText: /[#$]\s*$/ }).last()).toBeVisible();
  }

  async shows(words: string | RegExp, options?: { timeout: number }): Promise<void> {
    await expect(this.region.locator('.xterm-rows')).toContainText(words, options);
  }

  async isEnded(why: string | RegExp, options?: { timeout: number }): Promise<void> {
    await expect(this.region).toHaveAttribute('data-phase', 'ended', options);
    await expect(this.region.getByRole('status')).toContainText(why);
  }

  async type(text: string): Promise<void> {
    await this.input.focus();
    await this.page.keyboard.type(text);
  }

  async press(key: string): Promise<void> {
    await this.input.focus();
    await this.page.keyboard.press(key);
  }

  async run(command: string): Promise<void> {
    await this.type(command);
    await this.press('Enter');
  }

  /** Pastes a text, as if it had been copied elsewhere. */
  async paste(text: string): Promise<void> {
    await this.input.evaluate((input, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Rows and columns, as the shell sees them. */
  async size(): Promise<{ rows: number; columns: number }> {
    const mark = `size${this.asked++}`;
    await this.run(`echo ${mark}: $(stty size)`);
    const line = this.rows().filter({ hasText: new RegExp(`^${mark}: \\d+ \\d+`) });
    const [, rows, columns] = /: (\d+) (\d+)/.exec((await line.textContent()) ?? '') ?? [];
    return { rows: Number(rows), columns: Number(columns) };
  }
}

const bytes = (payload: string | Buffer) => (typeof payload === 'string' ? Buffer.from(payload) : payload);

/** What a socket gets that says again what another one said before. */
export function replay(page: Page, { url, ticket }: { url: string; ticket: Buffer }): Promise<{ code: number; output: number }> {
  return page.evaluate(
    ({ url, ticket }) =>
      new Promise<{ code: number; output: number }>((resolve) => {
        const socket = new WebSocket(url);
        socket.binaryType = 'arraybuffer';
        let output = 0;
        socket.onopen = () => socket.send(new Uint8Array(ticket));
        socket.onmessage = ({ data }) => {
          if (new Uint8Array(data)[0] === 1) output += data.byteLength;
        };
        socket.onclose = ({ code }) => resolve({ code, output });
      }),
    { url, ticket: [...ticket] },
  );
}
