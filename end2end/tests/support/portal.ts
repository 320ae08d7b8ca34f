import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const stand = fileURLToPath(new URL('../../stand/', import.meta.url));

/** What a browser says whose server is gone. */
export const gone = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection|Failed to fetch/;

/** A portal with a provider of its own, on the cluster that `stand/cluster` has started. */
export class Portal {
  private constructor(
    private readonly process: ChildProcess,
    private readonly variables: Record<string, string>,
  ) {}

  static async start(): Promise<Portal> {
    if (!process.env.SHOREPASS_TEST_KUBECONFIG) throw new Error('run inside end2end/stand/cluster');
    const settings = { IDP_TEST_CONTROLS: 'on', RECHECK: '3s', GRACE: '10s', DRAIN: '5s' };
    const child = spawn(`${stand}portal`, [`${stand}announce`], {
      env: { ...process.env, ...settings },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      return new Portal(child, JSON.parse(line));
    }
    throw new Error('the portal did not start');
  }

  get url(): string {
    return this.variable('SHOREPASS_URL');
  }

  get policy(): string {
    return this.variable('SHOREPASS_TEST_POLICY');
  }

  /** What the command prints; it may look at the portal's own files. */
  async command(...words: string[]): Promise<string> {
    const [command, config] = [this.variable('SHOREPASS'), this.variable('SHOREPASS_TEST_CONFIG')];
    const { stdout } = await promisify(execFile)(command, [...words, '--config', config]);
    return stdout;
  }

  log(): Promise<string> {
    return readFile(this.variable('SHOREPASS_TEST_LOG'), 'utf8');
  }

  /** Changes what the provider says of somebody; its other people stay as they are. */
  async change(person: string, changes: { groups?: string[]; disabled?: boolean }): Promise<void> {
    const response = await fetch(`${this.variable('IDP_URL')}/test/people/${person}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(changes),
    });
    if (!response.ok) throw new Error(`the provider answered ${response.status}`);
  }

  /** Ends the portal as a power failure would. */
  async kill(): Promise<void> {
    process.kill(Number(await readFile(this.variable('SHOREPASS_TEST_PID'), 'utf8')), 'SIGKILL');
    while (await this.answers()) await pause();
  }

  /** Tells it to stop, as an upgrade would. */
  async terminate(): Promise<void> {
    process.kill(Number(await readFile(this.variable('SHOREPASS_TEST_PID'), 'utf8')), 'SIGTERM');
  }

  /** What its readiness is answered with; nothing once it is gone. */
  readiness(): Promise<number | undefined> {
    return fetch(`${this.url}/readyz`).then((response) => response.status, () => undefined);
  }

  /** Starts it again on the data that are there. */
  async restart(): Promise<void> {
    process.kill(Number(this.variable('SHOREPASS_TEST_STAND')), 'SIGUSR1');
    while (!(await this.answers())) await pause();
  }

  async stop(): Promise<void> {
    this.process.stdin?.end();
    if (this.process.exitCode === null) await once(this.process, 'exit');
  }

  private async answers(): Promise<boolean> {
    return fetch(`${this.url}/readyz`).then((response) => response.ok, () => false);
  }

  private variable(name: string): string {
    const value = this.variables[name];
    if (value === undefined) throw new Error(`${name} is not set`);
    return value;
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
