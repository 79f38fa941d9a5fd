import { KEPT_MS } from './challenge-store';
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

/** What a count is to a guess: see `Guess`. */
export type CountRole = 'limit' | 'suspicion' | 'count' | 'lane' | 'tally';

/**
 * The challenges of a number, and the counts of the limits. With the time come the tags, the points, seconds and role of
 * each count, what is not empty for a dry run, and the grace of a login. Returns a {@link Verdict}. First it writes nothing, which a Redis that is full refuses:
 * one that cannot count must not tell right from wrong either. One that was used stays as `earlier` until its end,
 * or that of the grace, and counts as under way; the other one, while it lives, stays as the newest.
 */
export const CONSUME = `${COUNT_FUNCTIONS}
redis.call('SETRANGE', KEYS[1], 0, '')
local now, tags, counts = tonumber(ARGV[1]), cjson.decode(ARGV[2]), cjson.decode(ARGV[3])
local waits, isRefused, isLaneSpent = {}, false, false
for i, count in ipairs(counts) do
  local isSpent = is_spent(KEYS[i + 1], count)
  local refuses = isSpent and (count.role == 'limit' or count.role == 'suspicion')
  waits[i] = refuses and wait_for(KEYS[i + 1]) or 0
  isRefused = isRefused or refuses
  isLaneSpent = isLaneSpent or isSpent and count.role == 'lane'
end
if isRefused then return {'wait', unpack(waits)} end
local stored = redis.call('GET', KEYS[1])
local newest = stored and cjson.decode(stored)
local function isAnswered(challenge)
  for _, tag in ipairs(tags) do
    if challenge and challenge.tag == tag and challenge.expires_at > now then return true end
  end
end
local function lives(challenge) return challenge and challenge.expires_at > now end
local found = isAnswered(newest) and newest or newest and isAnswered(newest.earlier) and newest.earlier
if found and not isLaneSpent then
  if found.used then return {'used'} end
  if ARGV[4] == '' then
    local other = newest
    if found == newest then other = newest.earlier end
    local kept = lives(other) and not other.used and other or {id = '', tag = '', expires_at = 0}
    local until_end = math.max(found.expires_at, now + tonumber(ARGV[5]))
    kept.earlier = {id = found.id, tag = found.tag, expires_at = until_end, used = true}
    local life = math.max(kept.expires_at, until_end) - now + ${KEPT_MS}
    redis.call('SET', KEYS[1], cjson.encode(kept), 'PX', life)
  end
  return {'right', cjson.encode({id = found.id, tag = found.tag, expires_at = found.expires_at})}
end
local isUnderWay = newest and (lives(newest) or lives(newest.earlier))
for i, count in ipairs(counts) do
  local countsAlways = count.role == 'limit' or count.role == 'count'
  if countsAlways or isUnderWay and not isLaneSpent then add(KEYS[i + 1], count) end
end
return {'wrong', stored}`;

/** With the challenge, what is stored of the number, or for each count the milliseconds to wait. */
export type Verdict =
  | ['right', challenge: string]
  | ['wrong', stored: string | null]
  | ['used']
  | ['wait', ...waits: number[]];

/** What the scripts keep, and answer without `earlier`. */
export interface Stored {
  readonly id: string;
  readonly tag: string;
  readonly expires_at: number;
  readonly used?: true;
  readonly earlier?: Stored;
}
