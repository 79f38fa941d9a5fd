import { Inject, Injectable, Optional } from '@nestjs/common';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { RedactingLogger } from '../common/redacting-logger';
import { problemOf, REDIS_PROBLEMS, type RedisProblem } from './redis-problems';
import { isCluster, REDIS, REDIS_REPLICA, type RedisClient, RedisService } from './redis.service';

/** Shorter than any proxy remembers a silent connection: one that is dead is found by this, and not by a request. */
const INTERVAL_MS = 1000;

/** One of each family of keys. The part in braces puts them on one node of a cluster. */
const KEYS = ['challenge:{probe}', 'limit:{probe}'];

/** Every command of our scripts, and nothing is left. */
const PROBE = `
redis.call('SETRANGE', KEYS[1], 0, '')
for _, key in ipairs(KEYS) do
  redis.call('SET', key, 0, 'EX', 1, 'NX')
  redis.call('INCR', key)
  redis.call('DECR', key)
  redis.call('GET', key)
  redis.call('PTTL', key)
  redis.call('DEL', key)
end`;

type Probing = RedisClient & { probe(...keys: string[]): Promise<unknown> };

/**
 * `missing` is one that was never reached: such a node is probably misconfigured. `down` one that was lost, and
 * `degraded` one that answers and does not do what we need: the node does without and stays in service.
 */
export interface RedisHealth {
  readonly status: 'unused' | 'missing' | 'down' | 'degraded' | 'up';
  /** Of all but `unused` and `up`. */
  readonly problem?: RedisProblem;
}

/** Tries every second whether Redis does all that codes and limits need: otherwise they go on without it, which nobody would notice. */
@Injectable()
export class RedisHealthService {
  private readonly logger = new RedactingLogger(RedisHealthService.name);
  private problem?: RedisProblem;

  constructor(
    private readonly redis: RedisService,
    jobs: BackgroundJobsService,
    @Optional() @Inject(REDIS) primary?: RedisClient,
    @Optional() @Inject(REDIS_REPLICA) private readonly replica?: RedisClient,
  ) {
    if (!primary) return;
    primary.defineCommand('probe', { lua: PROBE, numberOfKeys: KEYS.length });
    jobs.every('redis probe', INTERVAL_MS, () => this.look(primary as Probing), {
      runsAtStart: true,
    });
  }

  get health(): RedisHealth {
    const { status, problem } = this.redis;
    if (status === 'unused') return { status };
    if (status !== 'up') return { status, problem };
    return this.problem ? { status: 'degraded', problem: this.problem } : { status };
  }

  private async look(primary: Probing): Promise<void> {
    void keepAlive(primary);
    if (this.replica) void keepAlive(this.replica);
    if (primary.status !== 'ready') return;
    try {
      await primary.probe(...KEYS);
      this.note();
    } catch (error) {
      this.note(error as Error);
    }
  }

  private note(error?: Error): void {
    const problem = error && problemOf(error);
    if (problem === this.problem) return;
    this.problem = problem;
    if (problem) this.logger.error(error, `Redis ${REDIS_PROBLEMS[problem]}; going on without it`);
    else this.logger.log('Redis is used again');
  }
}

/** A node that is not asked would be forgotten by what is between. */
async function keepAlive(client: RedisClient): Promise<void> {
  const nodes = isCluster(client) ? client.nodes() : [client];
  const ready = nodes.filter(({ status }) => status === 'ready');
  await Promise.allSettled(ready.map((node) => node.ping()));
}
