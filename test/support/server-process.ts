import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Client } from './client';
import { newDataDirectory } from './servers/private-server';

const MAIN = resolve(__dirname, '../../dist/main.js');

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** The built server in a process of its own, in an empty working directory. */
export class ServerProcess extends Client {
  private constructor(
    readonly child: ChildProcess,
    private readonly console: Console,
    url: string,
  ) {
    super(url);
  }

  /** Resolves once the server listens. `PORT` is free unless given. */
  static async start(
    env: Record<string, string> = {},
    cwd = newDataDirectory('server'),
    main = MAIN,
  ): Promise<ServerProcess> {
    const { child, console } = run({ PORT: '0', ...env }, cwd, main);
    const stopped = once(child, 'exit').then(() => {
      throw new Error(`The server stopped:\n${console.lines.join('\n')}`);
    });
    const listening = console.until(/Server listening at (http:\/\/[^"\s]+)/);
    const [, url] = await Promise.race([listening, stopped]);
    stopped.catch(() => undefined);
    return new ServerProcess(child, console, url!);
  }

  /** Resolves once it serves: its tables may take longer than what a request waits for. */
  static async startReady(...settings: Parameters<typeof ServerProcess.start>) {
    const server = await ServerProcess.start(...settings);
    await server.untilReady();
    return server;
  }

  /** Everything it printed, line by line. */
  get output(): string[] {
    return this.console.lines;
  }

  /** Resolves once it has printed a line that matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return this.console.until(pattern);
  }

  /** Runs a server that is expected to refuse the start. */
  static async runToExit(
    env: Record<string, string>,
    cwd = newDataDirectory('server'),
  ): Promise<{ exitCode: number | null; output: string }> {
    const { child, console } = run({ PORT: '0', ...env }, cwd);
    const [exitCode] = await once(child, 'close');
    return { exitCode, output: console.lines.join('\n') };
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Sends a signal and waits for the end of the process. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.isRunning) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    const [exitCode] = await exited;
    return exitCode;
  }
}

export function emptyDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'tandem-server-'));
}

/** What a process prints, on both streams. */
class Console extends EventEmitter<{ line: [string] }> {
  readonly lines: string[] = [];

  read(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => {
      this.lines.push(line);
      this.emit('line', line);
    });
  }

  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (let seen = 0; ;) {
      while (seen < this.lines.length) {
        const match = pattern.exec(this.lines[seen++]!);
        if (match) return match;
      }
      await once(this, 'line');
    }
  }
}

function run(
  env: Record<string, string>,
  cwd: string,
  main = MAIN,
): { child: ChildProcess; console: Console } {
  const child = spawn(process.execPath, [main], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A spec that fails before it stops its server must not keep Jest waiting.
  child.unref();
  running.add(child);
  child.once('exit', () => running.delete(child));
  const console = new Console();
  for (const stream of [child.stdout, child.stderr]) {
    (stream as Socket).unref();
    console.read(stream);
  }
  return { child, console };
}
