import { challengeKey } from './challenge-key';
import type { PrivateServer } from './servers/private-server';
import { startRedis, withRedis } from './servers/redis';
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
  await until(() => holdsChallenge(replica, request.mobile));
  return request;
}

/** Whether a server knows that a number was sent a code. */
export async function holdsChallenge({ port }: PrivateServer, mobile: string): Promise<boolean> {
  return withRedis(port, async (client) => (await client.exists(challengeKey(mobile))) === 1);
}
