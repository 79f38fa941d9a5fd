import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const DOCUMENT = readFileSync(resolve(__dirname, '../../docs/storage.md'), 'utf8');
const [[, OF_SERVER], [, OF_SENTINEL]] = [
  ...DOCUMENT.matchAll(/^ACL SETUSER tandem on >password (.+)$/gm),
] as unknown as [string[], string[]];
const [, IN_CLUSTER] = /the same and `(.+)` in a\s+cluster/.exec(DOCUMENT)!;

/** The rights that docs/storage.md gives a user, for `redis.conf` and `ACL SETUSER`. */
export const REDIS_RIGHTS = {
  server: OF_SERVER!,
  sentinel: OF_SENTINEL!,
  cluster: `${OF_SERVER} ${IN_CLUSTER}`,
};

/** The line of a configuration that adds the user of the documentation, without a password. */
export const tandemUser = (rights: string) => `tandem on nopass ${rights}`;

/** The same addresses for that user. */
export function asTandem<T extends Record<string, string>>(env: T): T {
  const entries = Object.entries(env).map(([name, urls]) => [
    name,
    urls.replaceAll('redis://', 'redis://tandem@'),
  ]);
  return Object.fromEntries(entries) as T;
}
