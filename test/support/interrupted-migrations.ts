import type { DataSourceOptions, Logger, QueryRunner } from 'typeorm';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';
import { migrate } from '../../src/storage/migrate';
import { readSchema } from './schema';
import { freshStores, type Mode } from './stores';

/** Loses the connection, as a process that is killed does, before its statement of that number. */
class Killer {
  asked = 0;

  constructor(
    private readonly mode: Mode,
    private readonly last = Infinity,
  ) {}

  logQuery = (_text: string, _values: unknown, runner: QueryRunner) => {
    if (++this.asked !== this.last) return;
    const { databaseConnection } = runner as unknown as {
      databaseConnection?: { destroy(): void };
    };
    if (this.mode === 'standard') databaseConnection?.destroy();
    throw new Error('killed');
  };
  logQueryError = () => undefined;
  logQuerySlow = () => undefined;
  logSchemaBuild = () => undefined;
  logMigration = () => undefined;
  log = () => undefined;
}

const watchedBy = (options: DataSourceOptions, killer: Killer) =>
  ({ ...options, logger: killer as unknown as Logger }) as DataSourceOptions;

async function schemaOf(options: DataSourceOptions, mode: Mode) {
  const database = await new DataSource({ ...options, entities: [] }).initialize();
  const schema = await readSchema(database, mode);
  await database.destroy();
  return schema;
}

/** Kills a first migration before its first statement, and another `every` statements later: the next start completes each. */
export async function interruptMigrations(mode: Mode, every: number): Promise<void> {
  const fresh = async () => dataSourceOptions(parseEnv(await freshStores(mode)));
  const [options, watch] = [await fresh(), new Killer(mode)];
  await migrate(watchedBy(options, watch));
  const whole = await schemaOf(options, mode);
  expect(watch.asked).toBeGreaterThan(7);

  for (let last = 1; last <= watch.asked; last += every) {
    const interrupted = await fresh();
    const killed = migrate(watchedBy(interrupted, new Killer(mode, last)));
    await expect(killed).rejects.toThrow();

    await migrate(interrupted);

    expect({ last, ...(await schemaOf(interrupted, mode)) }).toEqual({ last, ...whole });
  }
}
