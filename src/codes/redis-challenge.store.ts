import type { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import type { RedisClient } from '../storage/redis.service';
import type { Challenge } from './challenge.entity';
import type { ChallengeStore } from './challenge-store';

const OPEN = `
local live = redis.call('GET', KEYS[1])
if live and cjson.decode(live).expires_at > tonumber(ARGV[3]) then return live end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`;

const CONSUME = `
local live = redis.call('GET', KEYS[1])
local challenge = live and cjson.decode(live)
if challenge and challenge.tag == ARGV[1] and challenge.expires_at > tonumber(ARGV[2]) then
  redis.call('DEL', KEYS[1])
  return live
end
return false`;

type Scripted = RedisClient & {
  openChallenge(key: string, value: string, milliseconds: number, now: number): Promise<string>;
  consumeChallenge(key: string, tag: string, now: number): Promise<string | null>;
};

/**
 * Challenges in Redis: the key holds the number, the value nothing that a code follows from. They end at
 * the time that they name; that Redis forgets them, by its own clock, only tidies up.
 */
export class RedisChallengeStore implements ChallengeStore {
  private readonly redis: Scripted;

  constructor(
    redis: RedisClient,
    private readonly clock: Clock,
  ) {
    redis.defineCommand('openChallenge', { numberOfKeys: 1, lua: OPEN });
    redis.defineCommand('consumeChallenge', { numberOfKeys: 1, lua: CONSUME });
    this.redis = redis as Scripted;
  }

  async open(candidate: Challenge): Promise<Challenge> {
    const { mobile, expiresAt } = candidate;
    const now = this.clock.now();
    const lifetime = Math.max(1, expiresAt.getTime() - now);
    const [key, value] = [keyOf(mobile), format(candidate)];
    return parse(mobile, await this.redis.openChallenge(key, value, lifetime, now));
  }

  async consume(mobile: E164, tag: string): Promise<Challenge | null> {
    const live = await this.redis.consumeChallenge(keyOf(mobile), tag, this.clock.now());
    return live === null ? null : parse(mobile, live);
  }

  /** Reads the live challenge that a replica knows of, without removing it. */
  async find(mobile: E164): Promise<Challenge | null> {
    const live = await this.redis.get(keyOf(mobile));
    const challenge = live === null ? null : parse(mobile, live);
    return challenge && challenge.expiresAt > this.clock.date() ? challenge : null;
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
