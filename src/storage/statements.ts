import type { DataSource, QueryRunner } from 'typeorm';

/** As it is stored: ids as decimal strings, times in epoch milliseconds. */
type Value = string | number | null;

/**
 * A statement of the paths that are taken most, as SQL that MySQL and SQLite read alike: TypeORM's builders spend
 * several times as long on one as the database does. Its text is ours alone: what comes from outside is a value.
 */
export interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** How 64-bit integers come back, by the driver. */
export type Integer = string | bigint;

/** Takes the choice of an index from MySQL, which would look into each that might do before every execution. */
export function byIndex(on: DataSource, name: string): string {
  return on.options.type === 'mysql' ? `FORCE INDEX (${name})` : `INDEXED BY ${name}`;
}

/** Of a SELECT its rows, of another how many rows it changed. */
type Outcome = Row[] | number;
type Row = Record<string, unknown>;

export function select<R>(on: DataSource, { sql, values }: Statement): Promise<R[]> {
  return on.query(sql, [...values]);
}

/** @returns how many rows it changed. */
export function change(on: DataSource, statement: Statement): Promise<number> {
  return withRunner(on, async (runner) => (await run(runner, statement)) as number);
}

/** @param row values by column; columns that it leaves out become null. */
export function insertion(table: string, row: Readonly<Record<string, Value>>): Statement {
  const columns = Object.keys(row);
  const places = columns.map(() => '?');
  return {
    sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`,
    values: Object.values(row),
  };
}

/**
 * A transaction of statements of which none waits for the outcome of another. MySQL gets them at once: it keeps
 * its locks no longer than it works, whatever becomes of this process.
 */
export function atomically(on: DataSource, statements: readonly Statement[]): Promise<Outcome[]> {
  return on.options.type === 'mysql' ? inOneCall(on, statements) : inTurn(on, statements);
}

function inOneCall(on: DataSource, statements: readonly Statement[]): Promise<Outcome[]> {
  const sql = ['START TRANSACTION', ...statements.map((statement) => statement.sql), 'COMMIT'];
  const values = statements.flatMap((statement) => statement.values);
  return withRunner(on, async (runner) => {
    try {
      const results: (Row[] | { affectedRows: number })[] = await runner.query(
        sql.join(';\n'),
        values,
      );
      const outcomes = results.slice(1, -1);
      return outcomes.map((result) => (Array.isArray(result) ? result : result.affectedRows));
    } catch (error) {
      // The statements after the one that failed were not heard, nor was the COMMIT.
      await runner.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}

function inTurn(on: DataSource, statements: readonly Statement[]): Promise<Outcome[]> {
  return on.transaction(async ({ queryRunner }) => {
    const outcomes: Outcome[] = [];
    for (const statement of statements) outcomes.push(await run(queryRunner!, statement));
    return outcomes;
  });
}

async function run(runner: QueryRunner, { sql, values }: Statement): Promise<Outcome> {
  const { affected, raw } = await runner.query(sql, [...values], true);
  return affected ?? (raw as Row[]);
}

async function withRunner<T>(
  on: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = on.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}
