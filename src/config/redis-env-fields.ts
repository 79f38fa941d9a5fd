import { commaSeparated, field } from './env-fields';
import { problemWith, redisAddress } from './store-urls';

/** The value of `REDIS_URL` that asks by name for a mode without Redis. */
export const NO_REDIS = 'none';

/** The URL of one server, or the word `otherwise`. */
export function RedisUrl(otherwise?: string): PropertyDecorator {
  const problemOf = (value: string) =>
    value === otherwise ? undefined : problemWith(redisAddress, value);
  return field(
    (text) => text,
    (value) => problemOf(value) === undefined,
    (value) => `${problemOf(value)}${otherwise ? `, or ${otherwise}` : ''}`,
  );
}

/** No braces, which would put all keys on one node of a cluster, and nothing that a pattern of an ACL would have to escape. */
export function RedisKeyPrefix(): PropertyDecorator {
  return field(
    (text) => text,
    (value) => /^[\w.:-]{1,32}$/.test(value),
    'must be 1 to 32 letters, digits, _ . : or -, like tandem:',
  );
}

/** URLs of some of the nodes. The others are found through them, and take the same user, password and protocol. */
export function RedisNodes(): PropertyDecorator {
  return field(
    commaSeparated,
    (urls) => problemOfNodes(urls) === undefined,
    problemOfNodes as (urls: string[]) => string,
  );
}

const LIST = 'must be a comma-separated list of redis:// or rediss:// URLs';

function problemOfNodes(urls: string[]): string | undefined {
  const problem = urls.map((url) => problemWith(redisAddress, url)).find(Boolean);
  if (problem) return `${LIST}. One ${problem}`;
  const addresses = urls.map((url) => redisAddress(url));
  if (addresses.some(({ db }) => db !== 0)) {
    return 'must name no database: sentinels and clusters have none to choose';
  }
  const access = addresses.map(({ username, password, isEncrypted }) =>
    JSON.stringify([username, password, isEncrypted]),
  );
  if (new Set(access).size === 1) return undefined;
  return `${LIST}, all with the same user and password`;
}
