import type { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { isCluster, type RedisClient } from '../storage/redis.service';
import type { Challenge } from './challenge.entity';
import { type ChallengeStore, counted, type Guess, UnjudgedError } from './challenge-store';
import type { LimiterService } from './limiter.service';

const OPEN = `
local live = redis.call('GET', KEYS[1])
if live and cjson.decode(live).expires_at > tonumber(ARGV[3]) then return live end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`;

/**
 * A challenge, and the counts of the limits. With the time come the tags, the points and seconds of each
 * limit, and what is not empty for a dry run. Returns the challenge, or nil for a wrong guess, or for each limit the
 * milliseconds to wait. First it writes nothing, which a Redis that is full refuses: one that cannot count must not tell right from wrong either.
 */
const CONSUME = `
redis.call('SETRANGE', KEYS[1], 0, '')
local now, tags, limits = tonumber(ARGV[1]), cjson.decode(ARGV[2]), cjson.decode(ARGV[3])
local waits, isRefused = {}, false
for i, limit in ipairs(limits) do
  local count = tonumber(redis.call('GET', KEYS[i + 1]) or 0)
  waits[i] = count >= limit.points and math.max(1, redis.call('PTTL', KEYS[i + 1])) or 0
  isRefused = isRefused or count >= limit.points
end
if isRefused then return waits end
local live = redis.call('GET', KEYS[1])
local challenge = live and cjson.decode(live)
for _, tag in ipairs(tags) do
  if challenge and challenge.tag == tag and challenge.expires_at > now then
    if ARGV[4] == '' then redis.call('DEL', KEYS[1]) end
    return live
  end
end
for i, limit in ipairs(limits) do
  redis.call('SET', KEYS[i + 1], 0, 'EX', limit.window, 'NX')
  redis.call('INCR', KEYS[i + 1])
end
return false`;

type Scripted = RedisClient & {
  openChallenge(key: string, value: string, milliseconds: number, now: number): Promise<string>;
  consumeChallenge(
    keyCount: number,
    ...keysThenValues: (string | number)[]
  ): Promise<string | number[] | null>;
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
    private readonly limiter: LimiterService,
  ) {
    redis.defineCommand('openChallenge', { numberOfKeys: 1, lua: OPEN });
    redis.defineCommand('consumeChallenge', { lua: CONSUME });
    this.redis = redis as Scripted;
  }

  async open(candidate: Challenge): Promise<Challenge> {
    const { mobile, expiresAt } = candidate;
    const now = this.clock.now();
    const lifetime = Math.max(1, expiresAt.getTime() - now);
    const [key, value] = [keyOf(mobile), format(candidate)];
    return parse(mobile, await this.redis.openChallenge(key, value, lifetime, now));
  }

  /** One call; where the limits may lie on other nodes than the challenge, several. */
  consume(guess: Guess): Promise<Challenge | null> {
    if (!isCluster(this.redis)) return this.consumeInOne(guess);
    return counted(this.limiter, guess, () => this.consumeInOne({ ...guess, charges: {} }));
  }

  /** Reads the live challenge that a replica knows of, without removing it. */
  async find(mobile: E164): Promise<Challenge | null> {
    const live = await this.redis.get(keyOf(mobile));
    const challenge = live === null ? null : parse(mobile, live);
    return challenge && challenge.expiresAt > this.clock.date() ? challenge : null;
  }

  private async consumeInOne({
    mobile,
    tags,
    charges,
    isDryRun,
  }: Guess): Promise<Challenge | null> {
    const counts = this.limiter.sharedCounts(charges);
    const limits = counts.map(({ points, window }) => ({ points, window }));
    const answer = await this.redis
      .consumeChallenge(
        1 + counts.length,
        keyOf(mobile),
        ...counts.map(({ key }) => key),
        this.clock.now(),
        JSON.stringify(tags),
        JSON.stringify(limits),
        isDryRun ? 'dry run' : '',
      )
      .catch(unjudged);
    if (Array.isArray(answer)) throw this.limiter.refusal(charges, answer);
    return answer === null ? null : parse(mobile, answer);
  }
}

function unjudged(error: unknown): never {
  throw new UnjudgedError(error);
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
