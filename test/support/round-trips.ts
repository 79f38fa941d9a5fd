import Redis from 'ioredis';
import type { TestApp } from './test-app';

/** Each kind of statement that MySQL counts by itself, as `Com_select`. */
const KINDS = [
  'begin',
  'commit',
  'rollback',
  'select',
  'insert',
  'insert_select',
  'update',
  'delete',
];
const NAMES = ['Questions', ...KINDS.map((kind) => `Com_${kind}`)];

/** What an application asked its stores, as those counted it. */
export interface RoundTrips {
  redis: string[];
  /** How often it was called: a call may bring several statements. */
  sqlCalls: number;
  /** How many statements of each kind, and of every one, `all`. */
  sql: Record<string, number>;
}

/**
 * Counts what `work` asks the stores. The pool of the application must have one connection: MySQL counts for each.
 * Nobody else may use its Redis meanwhile.
 */
export async function roundTrips(app: TestApp, work: () => Promise<void>): Promise<RoundTrips> {
  const listener = await CommandListener.start(app.env.REDIS_URL!);
  const before = await counters(app);
  const calls = jest.spyOn(app.sql.logger, 'logQuery');
  await work();
  const sqlCalls = calls.mock.calls.length;
  calls.mockRestore();
  const after = await counters(app);
  // The second look is a question itself.
  after.Questions! -= 1;
  const sql = NAMES.map((name) => [kindOf(name), after[name]! - before[name]!] as const);
  return {
    redis: await listener.stop(),
    sqlCalls,
    sql: Object.fromEntries(sql.filter(([, count]) => count > 0)),
  };
}

const kindOf = (name: string) => (name === 'Questions' ? 'all' : name.replace('Com_', ''));

async function counters(app: TestApp): Promise<Record<string, number>> {
  const names = NAMES.map((name) => `'${name}'`).join(', ');
  const rows: { Variable_name: string; Value: string }[] = await app.sql.query(
    `SHOW SESSION STATUS WHERE Variable_name IN (${names})`,
  );
  return Object.fromEntries(rows.map((row) => [row.Variable_name, Number(row.Value)]));
}

/** What clients send to a Redis, in the order in which it is executed. */
class CommandListener {
  private readonly commands: string[] = [];

  private constructor(
    private readonly client: Redis,
    private readonly monitor: Redis,
  ) {
    monitor.on('monitor', (_time, [command], source) => {
      // A script is one command, whatever it does.
      if (source !== 'lua') this.commands.push(String(command).toLowerCase());
    });
  }

  static async start(url: string): Promise<CommandListener> {
    const client = new Redis(url);
    await client.ping();
    return new CommandListener(client, await client.monitor());
  }

  async stop(): Promise<string[]> {
    const isLast = new Promise<void>((resolve) => {
      this.monitor.on('monitor', (_time, [command]) => {
        if (String(command).toLowerCase() === 'echo') resolve();
      });
    });
    await this.client.echo('the end');
    await isLast;
    for (const client of [this.client, this.monitor]) client.disconnect();
    return this.commands.slice(0, this.commands.indexOf('echo'));
  }
}
