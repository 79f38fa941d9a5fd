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

/**
 * The challenges of a number, and the counts of the limits. With the time come the tags, the points and seconds of each
 * limit, and what is not empty for a dry run. Returns the challenge, or what is empty for one that was used, nil for a
 * wrong guess, or for each limit the milliseconds to wait. First it writes nothing, which a Redis that is full refuses:
 * one that cannot count must not tell right from wrong either. One that was used stays as `earlier` until its end.
 */
export const CONSUME = `
redis.call('SETRANGE', KEYS[1], 0, '')
local now, tags, limits = tonumber(ARGV[1]), cjson.decode(ARGV[2]), cjson.decode(ARGV[3])
local waits, isRefused = {}, false
for i, limit in ipairs(limits) do
  local count = tonumber(redis.call('GET', KEYS[i + 1]) or 0)
  waits[i] = count >= limit.points and math.max(1, redis.call('PTTL', KEYS[i + 1])) or 0
  isRefused = isRefused or count >= limit.points
end
if isRefused then return waits end
local stored = redis.call('GET', KEYS[1])
local newest = stored and cjson.decode(stored)
local function isAnswered(challenge)
  for _, tag in ipairs(tags) do
    if challenge and challenge.tag == tag and challenge.expires_at > now then return true end
  end
end
local found = isAnswered(newest) and newest or newest and isAnswered(newest.earlier) and newest.earlier
if found then
  if found.used then return '' end
  if ARGV[4] == '' then
    local kept = found == newest and {id = '', tag = '', expires_at = 0} or newest
    kept.earlier = {id = found.id, tag = found.tag, expires_at = found.expires_at, used = true}
    local life = math.max(kept.expires_at, found.expires_at) - now
    redis.call('SET', KEYS[1], cjson.encode(kept), 'PX', life)
  end
  return cjson.encode({id = found.id, tag = found.tag, expires_at = found.expires_at})
end
for i, limit in ipairs(limits) do
  redis.call('SET', KEYS[i + 1], 0, 'EX', limit.window, 'NX')
  redis.call('INCR', KEYS[i + 1])
end
return false`;

/** What the scripts keep, and answer without `earlier`. */
export interface Stored {
  readonly id: string;
  readonly tag: string;
  readonly expires_at: number;
  readonly earlier?: Stored & { readonly used?: true };
}
