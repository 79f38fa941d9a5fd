import { rmSync } from 'node:fs';
import type { PrivateServer } from './servers/private-server';

export default async function tearDown(): Promise<void> {
  const { startedServers } = globalThis as unknown as { startedServers: PrivateServer[] };
  await Promise.all(startedServers.map((server) => server.remove()));
  rmSync(process.env.TEST_RUN_DIRECTORY!, { recursive: true, force: true });
}
