import { resolve } from 'node:path';
import { CommandUtils } from 'typeorm/commands/CommandUtils';
import { SCHEMA } from '../../src/schema';

describe('ormconfig.ts', () => {
  it("is what TypeORM's command line loads, with every table and migration", async () => {
    const dataSource = await CommandUtils.loadDataSource(resolve(__dirname, '../../ormconfig.ts'));

    expect(dataSource.options).toMatchObject({
      entities: SCHEMA.entities,
      migrations: SCHEMA.migrations,
      migrationsTableName: 'migrations',
    });
  });
});
