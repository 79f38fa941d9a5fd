import type { DataSourceOptions, Logger, QueryRunner } from 'typeorm';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../ormconfig';
import { parseEnv } from '../../src/config/load-env';
import { migrate } from '../../src/storage/migrate';
import { readSchema } from '../support/schema';
import { freshStores, MODES, type Mode } from '../support/stores';

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

describe.each(MODES)('a first migration that is killed (%s)', (mode) => {
  const fresh = async () => dataSourceOptions(parseEnv(await freshStores(mode)));
  const schemaOf = async (options: DataSourceOptions) => {
    const database = await new DataSource({ ...options, entities: [] }).initialize();
    const schema = await readSchema(database, mode);
    await database.destroy();
    return schema;
  };

  it('before any of its statements is completed by the next start', async () => {
    const [options, watch] = [await fresh(), new Killer(mode)];
    await migrate(watchedBy(options, watch));
    const whole = await schemaOf(options);
    expect(watch.asked).toBeGreaterThan(7);

    for (let last = 1; last <= watch.asked; last++) {
      const interrupted = await fresh();
      const killed = migrate(watchedBy(interrupted, new Killer(mode, last)));
      await expect(killed).rejects.toThrow();

      await migrate(interrupted);

      expect({ last, ...(await schemaOf(interrupted)) }).toEqual({ last, ...whole });
    }
  }, 120_000);
});
