import type { Redis } from 'ioredis';
import type { E164 } from '../common/phone-number';
import type { Challenge } from './challenge.entity';
import type { ChallengeStore } from './challenge-store';

const OPEN = `
local live = redis.call('GET', KEYS[1])
if live then return live end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`;

const CONSUME = `
local live = redis.call('GET', KEYS[1])
if live and cjson.decode(live).tag == ARGV[1] then
  redis.call('DEL', KEYS[1])
  return live
end
return false`;

type Scripted = Redis & {
  openChallenge(key: string, value: string, milliseconds: number): Promise<string>;
  consumeChallenge(key: string, tag: string): Promise<string | null>;
};

/** Challenges in Redis: the key holds the number, the value nothing that a code follows from. */
export class RedisChallengeStore implements ChallengeStore {
  private readonly redis: Scripted;

  constructor(redis: Redis) {
    redis.defineCommand('openChallenge', { numberOfKeys: 1, lua: OPEN });
    redis.defineCommand('consumeChallenge', { numberOfKeys: 1, lua: CONSUME });
    this.redis = redis as Scripted;
  }

  async open(candidate: Challenge): Promise<Challenge> {
    const { mobile, expiresAt } = candidate;
    const lifetime = Math.max(1, expiresAt.getTime() - Date.now());
    return parse(
      mobile,
      await this.redis.openChallenge(keyOf(mobile), format(candidate), lifetime),
    );
  }

  async consume(mobile: E164, tag: string): Promise<Challenge | null> {
    const live = await this.redis.consumeChallenge(keyOf(mobile), tag);
    return live === null ? null : parse(mobile, live);
  }

  /** Reads what a replica knows, without removing it. */
  async find(mobile: E164, tag: string): Promise<Challenge | null> {
    const live = await this.redis.get(keyOf(mobile));
    const challenge = live === null ? null : parse(mobile, live);
    return challenge?.tag === tag ? challenge : null;
  }
}

const keyOf = (mobile: E164) => `tandem:challenge:{${mobile}}`;

const format = ({ id, tag, expiresAt }: Challenge) =>
  JSON.stringify({ id, tag, expires_at: expiresAt.getTime() });

function parse(mobile: E164, value: string): Challenge {
  const { id, tag, expires_at } = JSON.parse(value) as {
    id: string;
    tag: string;
    expires_at: number;
  };
  return { mobile, id, tag, expiresAt: new Date(expires_at) };
}
