import { DataSource, type DataSourceOptions, MigrationExecutor, type QueryRunner } from 'typeorm';

const LOCK_NAME = 'tandem.migrate';
const LOCK_WAIT_SECONDS = 60;

/**
 * Applies the pending migrations, on a connection of its own. Any number of instances may do this at
 * once: one holds the lock and migrates, the others wait and find nothing to do.
 *
 * @returns the names of the migrations that this call applied.
 */
export async function migrate(options: DataSourceOptions): Promise<string[]> {
  const dataSource = await new DataSource(withPlainIntegers(options)).initialize();
  const runner = dataSource.createQueryRunner();
  try {
    return await exclusively(runner, async () => {
      const executor = new MigrationExecutor(dataSource, runner);
      executor.transaction = 'none';
      const applied = await executor.executePendingMigrations();
      return applied.map(({ name }) => name);
    });
  } finally {
    await runner.release();
    await dataSource.destroy();
  }
}

/**
 * TypeORM takes every column for NOT NULL and every index for not unique when SQLite answers in
 * BigInts, and would rebuild a table that a migration alters accordingly.
 */
function withPlainIntegers(options: DataSourceOptions): DataSourceOptions {
  return { ...options, prepareDatabase: undefined } as DataSourceOptions;
}

function exclusively<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  return runner.dataSource.options.type === 'mysql'
    ? underNamedLock(runner, work)
    : inImmediateTransaction(runner, work);
}

/** MySQL commits with every DDL statement, so that only a lock outside the transaction can hold. */
async function underNamedLock<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  // The database in the name: one server may hold several installations.
  const lock = `CONCAT_WS('.', '${LOCK_NAME}', MD5(DATABASE()))`;
  const [{ locked }] = await runner.query(
    `SELECT GET_LOCK(${lock}, ${LOCK_WAIT_SECONDS}) AS locked`,
  );
  if (Number(locked) !== 1) throw new Error('Another instance has been migrating for too long.');
  try {
    return await work();
  } finally {
    await runner.query(`SELECT RELEASE_LOCK(${lock})`);
  }
}

async function inImmediateTransaction<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  await runner.query('BEGIN IMMEDIATE');
  try {
    const result = await work();
    await runner.query('COMMIT');
    return result;
  } catch (error) {
    await runner.query('ROLLBACK');
    throw error;
  }
}
