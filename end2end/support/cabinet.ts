// A cabinet with its sandbox: started on free ports, killed, started again over the same data.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { binary, site } from './environment.ts';

export interface CabinetOptions {
  /** Settings, for example `{ CABINET_SESSION_IDLE_LOCK_SECONDS: '5' }`. */
  settings?: Record<string, string>;
}

/** Quick answers of the sandbox, and no limits: every test comes from one address. */
const TEST_SETTINGS: Record<string, string> = {
  CABINET_SANDBOX_FAST: 'true',
  CABINET_LIMITS_ADDRESS_PER_MINUTE: '0',
  CABINET_LIMITS_SESSION_PER_MINUTE: '0',
  CABINET_LIMITS_SIGN_IN_PER_MINUTE: '0',
};

const READY = /^ready (http:\/\/\S+?):(\d+) sandbox (http:\/\/\S+?):(\d+)\s*$/;

export class Cabinet {
  /** `http://127.0.0.1:PORT`, the same after a restart. */
  url = '';
  sandboxUrl = '';
  #child: ChildProcess | undefined;
  #ports: { own: string; sandbox: string } = { own: '0', sandbox: '0' };
  #log: string[] = [];
  readonly #data: string;
  readonly #settings: Record<string, string>;

  private constructor(data: string, options: CabinetOptions) {
    this.#data = data;
    this.#settings = { ...TEST_SETTINGS, ...options.settings };
  }

  /** A new cabinet with an empty data folder. */
  static async start(options: CabinetOptions = {}): Promise<Cabinet> {
    const data = await mkdtemp(join(tmpdir(), 'cabinet-e2e-'));
    const cabinet = new Cabinet(data, options);
    await cabinet.start();
    return cabinet;
  }

  /** Starts the program; after `kill` or `stop`, on the same ports and the same data. */
  async start(): Promise<void> {
    const { own, sandbox } = this.#ports;
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('CABINET_'));
    const child = spawn(
      binary(),
      ['serve', '--dev', '--sandbox', '--port', own, '--sandbox-port', sandbox,
        '--site', site(), '--data', this.#data],
      {
        env: { ...Object.fromEntries(inherited), ...this.#settings },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#child = child;
    const remember = (line: string): void => {
      this.#log.push(line);
      this.#log.splice(0, this.#log.length - 400);
    };
    createInterface(child.stderr).on('line', remember);
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        reject(new Error(`cabinet ended (${code ?? signal}) before it was ready:\n${this.log()}`));
      });
      createInterface(child.stdout).on('line', (line) => {
        const ready = READY.exec(line);
        if (ready === null) {
          remember(line);
          return;
        }
        const [, host, port, sandboxHost, sandboxPort] = ready as unknown as string[];
        this.#ports = { own: port ?? '0', sandbox: sandboxPort ?? '0' };
        this.url = `${host}:${port}`;
        this.sandboxUrl = `${sandboxHost}:${sandboxPort}`;
        resolve();
      });
    });
  }

  /** The last lines of the log. */
  log(): string {
    return this.#log.slice(-60).join('\n');
  }

  /** An operator's command over the same data; gives what it printed, fails when it failed. */
  async run(...command: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(binary(), [...command, '--data', this.#data]);
    return stdout;
  }

  /** As a power cut: SIGKILL. The sandbox lives in the same process and dies too. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** In order: SIGTERM. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Ends it for good and removes its data. */
  async dispose(): Promise<void> {
    await this.#end('SIGKILL');
    await rm(this.#data, { recursive: true, force: true });
  }
}
