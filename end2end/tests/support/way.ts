import type { Page } from '@playwright/test';

/** The channel of input in the terminal's protocol, and what of a paste is sent at once. */
const TYPED = 0;
const PIECE = 16 * 1024;

/** The way of a page's terminal sockets, which can be cut, barred and silenced. */
export class Way {
  /** How often it was cut in the middle of a paste. */
  cuts = 0;
  private readonly open = new Set<() => Promise<void>>();
  private state: 'open' | 'barred' | 'silent' = 'open';
  private pieces = Infinity;

  /** Made before the page opens its terminal. */
  static async of(page: Page): Promise<Way> {
    const way = new Way();
    await page.routeWebSocket(/\/terminal$/, (socket) => {
      if (way.state === 'barred') return void socket.close({ code: 1001 });
      // It opens, and nobody answers.
      if (way.state === 'silent') return;
      const server = socket.connectToServer();
      const end = async (): Promise<void> => {
        way.open.delete(end);
        await server.close();
        await socket.close({ code: 1001 });
      };
      way.open.add(end);
      socket.onMessage((message) => {
        if (way.state === 'silent') return;
        server.send(message);
        if (way.isCutBy(message)) void end();
      });
      server.onMessage((message) => {
        if (way.state !== 'silent') socket.send(message);
      });
    });
    return way;
  }

  /** Ends what is open, and lets nothing through until it is restored. */
  async cut(): Promise<void> {
    this.state = 'barred';
    for (const end of [...this.open]) await end();
  }

  /** Ends what is open once so many pieces of a paste went through it. */
  cutAfter(pieces: number): void {
    this.pieces = pieces;
  }

  /** Lets nothing through any more, and says nothing about it, until it is restored. */
  silence(): void {
    this.state = 'silent';
  }

  restore(): void {
    this.state = 'open';
  }

  private isCutBy(message: string | Buffer): boolean {
    if (message[0] !== TYPED || message.length < PIECE || --this.pieces !== 0) return false;
    this.cuts += 1;
    return true;
  }
}
