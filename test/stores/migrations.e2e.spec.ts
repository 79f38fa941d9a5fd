import {
  DataSource,
  type DataSourceOptions,
  type MigrationInterface,
  type QueryRunner,
  TableColumn,
} from 'typeorm';
import { migrate } from '../../src/storage/migrate';
import { User } from '../../src/users/user.entity';
import { UserProfile } from '../../src/users/user-profile.entity';
import { openDatabase } from '../support/database';
import { randomMobile } from '../support/mobile';
import { describeStandard, MODES, type Mode } from '../support/stores';

class AddColumn1999999999999 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn(
      'sessions',
      new TableColumn({ name: 'note', type: 'varchar', length: '64', isNullable: true }),
    );
  }

  down = () => Promise.resolve();
}

/** Connects so that TypeORM reads the schema right: without BigInts, and knowing what is MariaDB. */
async function inspector({ options }: DataSource): Promise<DataSource> {
  if (options.type === 'better-sqlite3') {
    return new DataSource({ ...options, prepareDatabase: undefined }).initialize();
  }
  const probe = await new DataSource(options).initialize();
  const [{ version }] = await probe.query('SELECT VERSION() AS version');
  if (!version.includes('MariaDB')) return probe;
  await probe.destroy();
  return new DataSource({ ...options, type: 'mariadb' } as DataSourceOptions).initialize();
}

describe.each(MODES)('the migrations (%s)', (mode: Mode) => {
  let database: DataSource;
  let schema: DataSource;

  beforeAll(async () => {
    database = await openDatabase(mode);
    schema = await inspector(database);
  });
  afterAll(() => Promise.all([database.destroy(), schema.destroy()]));

  const drift = async () => {
    const { upQueries } = await schema.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  };

  it('make the schema that the entities describe', async () => {
    expect(await drift()).toEqual([]);
  });

  it('keep ids of 64 bits exact, next to each other and at the end of the range', async () => {
    const ids = ['9007199254740992', '9007199254740993', '9223372036854775807'];

    for (const id of ids) await database.getRepository(UserProfile).insert({ id });

    const stored = await database.getRepository(UserProfile).find({ order: { id: 'ASC' } });
    expect(stored.map(({ id }) => id)).toEqual(ids);
    await database.getRepository(UserProfile).clear();
  });

  it('can add a column and leave the others as they are', async () => {
    const options = { ...database.options, migrations: [AddColumn1999999999999] };

    await migrate(options);

    expect(await database.query('SELECT note FROM sessions')).toEqual([]);
    await database.query('ALTER TABLE sessions DROP COLUMN note');
    expect(await drift()).toEqual([]);
  });
});

describeStandard('the migrations on a server with another default charset', () => {
  let database: DataSource;

  beforeAll(async () => {
    database = await openDatabase('standard');
    await database.query('ALTER DATABASE CHARACTER SET latin1');
  });
  afterAll(() => database.destroy());

  it('store every text as utf8mb4 that is compared exactly', async () => {
    const columns: { collation: string | null }[] = await database.query(
      `SELECT DISTINCT collation_name AS collation FROM information_schema.columns
       WHERE table_schema = DATABASE() AND table_name <> 'migrations' AND collation_name IS NOT NULL`,
    );

    expect(columns).toEqual([{ collation: 'utf8mb4_bin' }]);
  });

  it('tell names apart that other collations fold', async () => {
    const now = new Date();
    const names = ['zoe', 'ZOE', 'zoë', 'zoe😀', '佐伊'];
    const users = names.map((username, index) => ({
      id: String(index + 1),
      mobile: randomMobile() as never,
      name: username,
      username,
      status: 'active' as const,
      lastLogin: now,
      createdAt: now,
      updatedAt: now,
    }));

    await database.getRepository(User).insert(users);

    const stored = await database.getRepository(User).find({ order: { id: 'ASC' } });
    expect(stored.map(({ name }) => name)).toEqual(names);
  });
});
