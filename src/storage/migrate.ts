import { DataSource, type DataSourceOptions, MigrationExecutor } from 'typeorm';
import { dialectOf } from './dialects/dialects';

/**
 * Applies the pending migrations, on a connection of its own. Any number of instances may do this at
 * once: one holds the lock and migrates, the others wait and find nothing to do.
 *
 * @returns the names of the migrations that this call applied.
 */
export async function migrate(options: DataSourceOptions): Promise<string[]> {
  const dialect = dialectOf({ options });
  const dataSource = await new DataSource(dialect.migrationOptions(options)).initialize();
  const runner = dataSource.createQueryRunner();
  try {
    return await dialect.whileLocked(runner, async () => {
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
