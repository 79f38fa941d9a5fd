import { execFileSync, type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import Database from 'libsql';
import { emptyDirectory } from './server-process';

const FIXTURES = resolve(__dirname, '../embed');
/** Any package that does not fit stops the installation. */
const NPM = ['--engine-strict', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];

/** A Nest application on Express of somebody else, in a folder outside of this repository, with what it installs. */
export class Shop {
  readonly folder = emptyDirectory();

  constructor() {
    cpSync(join(FIXTURES, 'shop'), this.folder, { recursive: true });
  }

  /** Installs what its manifest names, and `more`. */
  install(...more: string[]): void {
    this.run('npm', ['install', ...NPM, ...more]);
  }

  /** Adds what embedding Tandem takes. */
  embed(): void {
    cpSync(join(FIXTURES, 'shop-with-tandem'), this.folder, { recursive: true });
  }

  build(): void {
    this.run(join(this.folder, 'node_modules/.bin/tsc'), ['-p', '.']);
  }

  /** @returns what it prints. */
  run(command: string, args: string[]): string {
    return execFileSync(command, args, { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' });
  }

  /** Where each copy of a package is, of those that were installed. */
  copiesOf(name: string): string[] {
    const lock = JSON.parse(readFileSync(join(this.folder, 'package-lock.json'), 'utf8'));
    return Object.keys(lock.packages).filter((path) => path.endsWith(`node_modules/${name}`));
  }

  /** The first column of what its database answers. */
  rows(sql: string): string[] {
    const database = new Database(join(this.folder, 'shop.sqlite'));
    try {
      return database
        .prepare(sql)
        .raw()
        .all()
        .map((row) => String((row as unknown[])[0]));
    } finally {
      database.close();
    }
  }

  async start(): Promise<RunningShop> {
    const server = spawn(process.execPath, ['dist/main.js'], { cwd: this.folder });
    const shop = new RunningShop(server);
    await shop.ready();
    return shop;
  }
}

export class RunningShop {
  private output = '';
  private url = '';

  constructor(private readonly server: ChildProcess) {
    for (const stream of [server.stdout!, server.stderr!]) {
      stream.on('data', (piece) => {
        this.output += piece;
        server.emit('output');
      });
    }
  }

  async ready(): Promise<void> {
    const [url] = await this.printed(/http:\/\/\S+/);
    this.url = url!;
  }

  /** Waits for what it prints. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.output);
      if (found) return found;
      if (this.server.exitCode !== null) throw new Error(`The shop has ended: ${this.output}`);
      await Promise.race([once(this.server, 'output'), once(this.server, 'exit')]);
    }
  }

  /** The answer as it comes over the socket, but for its time. */
  async answer(
    method: string,
    path: string,
    { body, token }: { body?: string; token?: string } = {},
  ): Promise<{ status?: number; headers: string[]; body: string }> {
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const sent = request(this.url + path, { method, headers, agent: false }).end(body);
    const [response] = await once(sent, 'response');
    const date = response.rawHeaders.indexOf('Date');
    return {
      status: response.statusCode,
      headers: response.rawHeaders.toSpliced(date, 2),
      body: await text(response),
    };
  }

  async stop(): Promise<void> {
    this.server.kill();
    if (this.server.exitCode === null) await once(this.server, 'exit');
  }
}
