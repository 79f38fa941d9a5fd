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
