import Redis from 'ioredis';
import { type PrivateServer, startRedis } from './servers';
import { TestApp } from './test-app';
import { until } from './until';

export interface Replicated {
  primary: PrivateServer;
  replica: PrivateServer;
  app: TestApp;
}

/** An application with a Redis primary and a replica of its own. */
export async function startReplicated(): Promise<Replicated> {
  const primary = await startRedis();
  const replica = await startRedis({ replicaOf: primary.port });
  const env = { REDIS_URL: primary.url, REDIS_REPLICA_URL: replica.url };
  const app = await TestApp.start({ mode: 'standard', env });
  return { primary, replica, app };
}

export async function stopReplicated({ primary, replica, app }: Replicated): Promise<void> {
  await app.close();
  await Promise.all([primary.remove(), replica.remove()]);
}

/** Asks for a code, and waits until the replica has heard of it. */
export async function requestReplicatedCode(
  app: TestApp,
  replica: PrivateServer,
): Promise<{ mobile: string; code: string }> {
  const request = await app.requestCode();
  const client = new Redis(replica.url);
  await until(async () => (await client.exists(`tandem:challenge:{${request.mobile}}`)) === 1);
  client.disconnect();
  return request;
}
