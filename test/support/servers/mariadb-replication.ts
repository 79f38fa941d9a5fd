import { until } from '../until';
import { freePort } from './free-port';
import { superviseMariaDb, withMariaDb } from './mariadb';
import type { PrivateServer } from './private-server';

/** An ordinary user: `root` would write to a replica. */
const USER = 'app';

/**
 * A MariaDB and its read-only replica, by GTID. The URLs name an ordinary user, who may do everything
 * but write to what is read-only.
 */
export interface MariaDbReplication {
  readonly primary: PrivateServer;
  readonly replica: PrivateServer;
  /** Lets the replica fall behind: it hears of changes and does not apply them. */
  stopApplying(): Promise<void>;
  startApplying(): Promise<void>;
  /** Resolves once the replica has applied everything that the primary has committed. */
  untilInSync(): Promise<void>;
  /** Makes the replica a writable primary of its own. What it has not received is lost. */
  promote(): Promise<void>;
  remove(): Promise<void>;
}

export async function startMariaDbReplication(): Promise<MariaDbReplication> {
  const [primary, replica] = [await startServer(1), await startServer(2, '--read-only')];
  const ofPrimary = (statement: string) => query(primary, statement);
  const ofReplica = (statement: string) => query(replica, statement);
  await ofPrimary(`CREATE USER ${USER}@localhost`);
  await ofPrimary(`GRANT ALL PRIVILEGES ON \`%\`.* TO ${USER}@localhost`);
  await ofReplica(
    `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${primary.port}, MASTER_USER = 'root',
      MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1`,
  );
  await ofReplica('START SLAVE');
  const replication = {
    primary,
    replica,
    stopApplying: () => ofReplica('STOP SLAVE SQL_THREAD'),
    startApplying: () => ofReplica('START SLAVE SQL_THREAD'),
    untilInSync: async () => {
      const committed = await positionOf(primary, 'gtid_binlog_pos');
      await until(async () => (await positionOf(replica, 'gtid_slave_pos')) === committed);
    },
    promote: async () => {
      // Before the other thread stops: without both, it would throw away what it has received.
      await ofReplica('START SLAVE SQL_THREAD');
      await until(() => hasAppliedAll(replica));
      await ofReplica('STOP SLAVE');
      await ofReplica('RESET SLAVE ALL');
      await ofReplica('SET GLOBAL read_only = OFF');
    },
    remove: async () => {
      await Promise.all([primary.remove(), replica.remove()]);
    },
  };
  await replication.untilInSync();
  return replication;
}

async function startServer(id: number, ...settings: string[]): Promise<PrivateServer> {
  const port = await freePort();
  const replicating = [`--server-id=${id}`, '--log-bin=binlog', '--gtid-strict-mode'];
  return superviseMariaDb({ port, user: USER, settings: () => [...replicating, ...settings] });
}

const query = ({ port }: PrivateServer, statement: string) =>
  withMariaDb(port, async (connection) => void (await connection.query(statement)));

function positionOf({ port }: PrivateServer, variable: string): Promise<string> {
  return withMariaDb(port, async (connection) => {
    const [rows] = await connection.query(`SELECT @@GLOBAL.${variable} AS position`);
    return (rows as { position: string }[])[0]!.position;
  });
}

/** Of what it has received. */
function hasAppliedAll(replica: PrivateServer): Promise<boolean> {
  return withMariaDb(replica.port, async (connection) => {
    const [rows] = await connection.query('SHOW SLAVE STATUS');
    const [{ Gtid_IO_Pos: received }] = rows as [{ Gtid_IO_Pos: string }];
    return received === (await positionOf(replica, 'gtid_slave_pos'));
  });
}
