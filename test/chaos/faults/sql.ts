import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { World } from '../world';
import { type Begin, type Fault, killed, repeatedly, stopped } from './fault';
import { networkFaults, through } from './network';

const single = { kind: 'single' } as const;
/** While SQL is away no node can learn what ended on another. */
const blind = { ...single, isBlind: true } as const;
const replicated = { kind: 'replicated SQL' } as const;

const sqlProxy = (world: World) => world.sqlProxy;
const mariaDb = ({ stores }: World) => stores.mariaDb;

export const SQL_FAULTS: Fault[] = [
  ...networkFaults(sqlProxy).map(([name, begin]) => ({ ...blind, name: `SQL: ${name}`, begin })),
  { ...blind, name: 'SQL: killed in the middle of transactions', begin: killed(mariaDb) },
  { ...blind, name: 'SQL: stopped', begin: stopped(mariaDb) },
  { ...blind, name: 'SQL: connections killed', begin: repeatedly(killConnections) },
  {
    ...single,
    name: 'SQL: connection lost when COMMIT was sent',
    begin: through(sqlProxy, { kind: 'cut after', text: 'COMMIT' }),
  },
  { ...single, name: 'SQL: deadlocks', begin: repeatedly(lockBackwards) },
  {
    ...blind,
    name: 'SQL: pool exhausted, every connection waits for a lock',
    begin: holding('LOCK TABLES tandem.users WRITE, tandem.sessions WRITE'),
  },
  { ...blind, name: 'SQL: disk full', begin: fullDisk },
  {
    ...blind,
    name: 'SQL: read-only',
    begin: switching('SET GLOBAL read_only = ON', 'SET GLOBAL read_only = OFF'),
  },
  {
    ...replicated,
    name: 'SQL: replica lags',
    begin: async ({ stores }) => {
      await stores.replication!.stopApplying();
      return () => stores.replication!.startApplying();
    },
  },
  { ...blind, ...replicated, name: 'SQL: failover, the old primary is read-only', begin: failover },
];

async function killConnections(world: World): Promise<void> {
  await world.asRoot(async (root) => {
    const [rows] = await root.query<RowDataPacket[]>(
      "SELECT id FROM information_schema.processlist WHERE user = 'app'",
    );
    for (const { id } of rows) await root.query(`KILL ${id}`).catch(() => undefined);
  });
}

/** Sessions first and their users then: logins lock them the other way round. */
async function lockBackwards(world: World): Promise<void> {
  await world.asRoot(async (root) => {
    await root.query('USE tandem');
    const [users] = await root.query<RowDataPacket[]>(
      'SELECT CAST(id AS CHAR) id FROM users ORDER BY last_login DESC LIMIT 8',
    );
    for (const { id } of users) {
      await root.beginTransaction();
      await root.query('UPDATE sessions SET last_used_at = last_used_at + 0 WHERE user_id = ?', [
        id,
      ]);
      // Fails when it is the one that the server chooses to roll back.
      await root.query('UPDATE users SET name = name WHERE id = ?', [id]).catch(() => undefined);
      await root.rollback();
    }
  });
}

function holding(statement: string): Begin {
  return async (world) => {
    const root = await createConnection(world.rootUrl);
    await root.query(statement);
    return () => root.end();
  };
}

function switching(on: string, off: string): Begin {
  return async (world) => {
    await world.asRoot((root) => root.query(on));
    return () => world.asRoot((root) => root.query(off));
  };
}

async function fullDisk(world: World) {
  const fill = 'INSERT INTO ballast SELECT REPEAT("x", ?) FROM seq_1_to_100';
  await world.asRoot(async (root) => {
    await root.query('CREATE DATABASE ballast');
    await root.query('USE ballast');
    await root.query('CREATE TABLE ballast (bytes LONGBLOB)');
    for (const size of [60_000, 6000, 600]) {
      for (;;) if (!(await root.query(fill, [size]).catch(() => null))) break;
    }
  });
  return async () => {
    await world.stores.growDisk!();
    await world.asRoot((root) => root.query('DROP DATABASE ballast'));
  };
}

/** Another server takes over and has the address. Nobody closes the connections to the old one. */
async function failover(world: World) {
  await world.asRoot((root) => root.query('SET GLOBAL read_only = ON'));
  await world.stores.replication!.promote();
  world.sqlProxy.target = world.stores.sqlPort();
  return () => undefined;
}
