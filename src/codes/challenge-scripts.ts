import { COUNT_FUNCTIONS } from './redis-counters';

/**
 * In one key, so that a slot of a cluster may move: the newest challenge of a number with the one before as `earlier`.
 * With a candidate come its life, the time, and what the newest must have left.
 */
export const OPEN = `
local stored = redis.call('GET', KEYS[1])
local opened, now = cjson.decode(ARGV[1]), tonumber(ARGV[3])
local newest = stored and cjson.decode(stored)
if newest then
  if newest.expires_at > now + tonumber(ARGV[4]) then return stored end
  opened.earlier, newest.earlier = newest.earlier, nil
  if newest.expires_at > now then opened.earlier = newest end
end
local value = cjson.encode(opened)
redis.call('SET', KEYS[1], value, 'PX', ARGV[2])
return value`;

/** Whether a count refuses a guess, only counts it, or is the lane of {@link Guess.lane}. */
export type CountRole = 'limit' | 'count' | 'lane';

/**
 * The challenges of a number, and the counts of the limits. With the time come the tags, the points, seconds and role of
 * each count, and what is not empty for a dry run. Returns the challenge, or what is empty for one that was used, nil for a
 * wrong guess, or for each count the milliseconds to wait. First it writes nothing, which a Redis that is full refuses:
 * one that cannot count must not tell right from wrong either. One that was used stays as `earlier` until its end.
 */
export const CONSUME = `${COUNT_FUNCTIONS}
redis.call('SETRANGE', KEYS[1], 0, '')
local now, tags, counts = tonumber(ARGV[1]), cjson.decode(ARGV[2]), cjson.decode(ARGV[3])
local waits, isRefused, isLaneSpent = {}, false, false
for i, count in ipairs(counts) do
  local isSpent = is_spent(KEYS[i + 1], count)
  local refuses = isSpent and count.role == 'limit'
  waits[i] = refuses and wait_for(KEYS[i + 1]) or 0
  isRefused = isRefused or refuses
  isLaneSpent = isLaneSpent or isSpent and count.role == 'lane'
end
if isRefused then return waits end
local stored = redis.call('GET', KEYS[1])
local newest = stored and cjson.decode(stored)
local function isAnswered(challenge)
  for _, tag in ipairs(tags) do
    if challenge and challenge.tag == tag and challenge.expires_at > now then return true end
  end
end
local function lives(challenge) return challenge and challenge.expires_at > now and not challenge.used end
local found = isAnswered(newest) and newest or newest and isAnswered(newest.earlier) and newest.earlier
if found and not isLaneSpent then
  if found.used then return '' end
  if ARGV[4] == '' then
    local kept = found == newest and {id = '', tag = '', expires_at = 0} or newest
    kept.earlier = {id = found.id, tag = found.tag, expires_at = found.expires_at, used = true}
    local life = math.max(kept.expires_at, found.expires_at) - now
    redis.call('SET', KEYS[1], cjson.encode(kept), 'PX', life)
  end
  return cjson.encode({id = found.id, tag = found.tag, expires_at = found.expires_at})
end
local isUnderWay = newest and (lives(newest) or lives(newest.earlier))
for i, count in ipairs(counts) do
  if count.role ~= 'lane' or isUnderWay and not isLaneSpent then
    add(KEYS[i + 1], count)
  end
end
return false`;

/** What the scripts keep, and answer without `earlier`. */
export interface Stored {
  readonly id: string;
  readonly tag: string;
  readonly expires_at: number;
  readonly earlier?: Stored & { readonly used?: true };
}
