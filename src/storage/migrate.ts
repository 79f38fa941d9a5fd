import { type DataSourceOptions, MigrationExecutor, type QueryRunner } from 'typeorm';
import { dialectOf } from './dialects/dialects';
import { assertOurs } from './dialects/foreign-tables';

/** Of the table in which TypeORM notes the migrations. */
const COLUMNS = ['id', 'timestamp', 'name'];

/**
 * Applies the pending migrations, on a connection of its own. Any number of instances may do this at
 * once: one holds the lock and migrates, the others wait and find nothing to do.
 *
 * @returns the names of the migrations that this call applied.
 * @throws StartError when a table of another application has the name of one of ours.
 */
export async function migrate(options: DataSourceOptions): Promise<string[]> {
  const dialect = dialectOf({ options });
  const dataSource = await dialect.migrationDataSource(options).initialize();
  const runner = dataSource.createQueryRunner();
  try {
    return await dialect.whileLocked(runner, async () => {
      await assertOurMigrationsTable(runner);
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

/** TypeORM takes any table of that name for its own, and fails with an error of the driver. */
async function assertOurMigrationsTable(runner: QueryRunner): Promise<void> {
  const { options } = runner.dataSource;
  const table = options.migrationsTableName!;
  const found = await dialectOf({ options }).columnsOf(runner, table);
  if (found.length > 0) assertOurs(table, COLUMNS, found);
}
