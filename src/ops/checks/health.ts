import type { RemoteAnswer, RemoteServer } from './remote-server';
import { ok, problem, type Verdict, warning } from './verdict';

export async function liveness(server: RemoteServer): Promise<Verdict> {
  const answer = await server.get('/health/live');
  return judge('/health/live', answer) ?? ok('/health/live answers 200.');
}

export async function readiness(server: RemoteServer): Promise<Verdict> {
  const answer = await server.get('/health/ready');
  const { redis, redis_problem: reason = 'down' } = answer.body;
  const isWithoutRedis = redis === 'down' || redis === 'degraded';
  if (isWithoutRedis) {
    return warning(`In service without Redis (${String(reason)}): limits count per node.`);
  }
  return judge('/health/ready', answer) ?? ok('/health/ready answers 200.');
}

/** Keeping probes from the outside is common, and leaves nothing to tell. */
function judge(path: string, { status }: RemoteAnswer): Verdict | undefined {
  if (status === 200) return undefined;
  const isHidden = status === 401 || status === 403 || status === 404;
  return isHidden
    ? warning(`${path} answers ${status}: hidden from here, so nothing can be told.`)
    : problem(`${path} answers ${status}.`);
}
