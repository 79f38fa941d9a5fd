import { existsSync } from 'node:fs';
import { freePort } from './free-port';
import { isInstalled } from './installed';
import { superviseMariaDb } from './mariadb';
import type { PrivateServer } from './private-server';

const PROVIDERS = ['/usr/lib/galera', '/usr/lib64/galera-4', '/usr/lib/galera-4'];

/**
 * Two MariaDB servers that both take writes, and certify them with each other before they commit. The
 * first has the majority: it serves on when the second dies, while the second alone refuses everything.
 */
export interface Galera {
  readonly nodes: [PrivateServer, PrivateServer];
  remove(): Promise<void>;
}

export const isGaleraInstalled = () => isInstalled('mariadbd', 'rsync') && provider() !== undefined;

/** @param settings further arguments of both nodes, like `--wsrep-sync-wait=7`. */
export async function startGalera(...settings: string[]): Promise<Galera> {
  const cluster = [await freePort(), await freePort()];
  const first = await startNode(cluster, 0, settings);
  const second = await startNode(cluster, 1, settings);
  return {
    nodes: [first, second],
    remove: async () => {
      await Promise.all([first.remove(), second.remove()]);
    },
  };
}

async function startNode(cluster: number[], index: number, settings: string[]) {
  const [port, transferPort, incrementalPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  let isNew = index === 0;
  return superviseMariaDb({
    port,
    // The rsync that copies the data to a joining node gives up the rights of root.
    account: 'nobody',
    settings: () => {
      const options = [
        ...wsrepArguments(cluster, index, transferPort, incrementalPort),
        ...(isNew ? ['--wsrep-new-cluster'] : []),
      ];
      isNew = false;
      return [...options, ...settings];
    },
    isUp: async (connection) => {
      const [rows] = await connection.query("SHOW STATUS LIKE 'wsrep_local_state_comment'");
      const [{ Value }] = rows as [{ Value: string }];
      if (Value !== 'Synced') throw new Error(`It is ${Value}.`);
    },
  });
}

function wsrepArguments(cluster: number[], index: number, sst: number, ist: number): string[] {
  const address = `gcomm://${cluster.map((port) => `127.0.0.1:${port}`).join()}`;
  const options = [
    `gmcast.listen_addr=tcp://127.0.0.1:${cluster[index]}`,
    `ist.recv_addr=127.0.0.1:${ist}`,
    'gcache.size=16M',
    `pc.weight=${index === 0 ? 2 : 1}`,
    // Notices a dead node in a second instead of five.
    'evs.suspect_timeout=PT1S',
    'evs.inactive_timeout=PT2S',
    'evs.keepalive_period=PT0.3S',
    'evs.inactive_check_period=PT0.2S',
  ];
  return [
    '--wsrep-on=ON',
    `--wsrep-provider=${provider()}`,
    `--wsrep-cluster-address=${address}`,
    '--wsrep-node-address=127.0.0.1',
    `--wsrep-node-name=node${index}`,
    `--wsrep-sst-receive-address=127.0.0.1:${sst}`,
    '--wsrep-sst-method=rsync',
    `--wsrep-provider-options=${options.join(';')}`,
    '--binlog-format=ROW',
    '--default-storage-engine=InnoDB',
    '--innodb-autoinc-lock-mode=2',
  ];
}

const provider = () =>
  PROVIDERS.map((directory) => `${directory}/libgalera_smm.so`).find((path) => existsSync(path));
