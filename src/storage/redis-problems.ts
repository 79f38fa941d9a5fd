/** Why Redis is not in use, by the code that Redis itself gives its errors, and how each goes on after "Redis". */
export const REDIS_PROBLEMS = {
  NOPERM: 'does not give its user every right that docs/storage.md lists',
  NO_SUCH_DATABASE: 'has no database of the number in REDIS_URL',
  WRONGPASS: 'takes neither this user nor this password',
  NOAUTH: 'asks for a password',
  OOM: 'is full',
  NOREPLICAS: 'has too few replicas to write',
  READONLY: 'only reads',
  MASTERDOWN: 'has lost its primary',
  LOADING: 'still loads its data',
  BUSY: 'is busy with a script',
  CLUSTERDOWN: 'has a shard without a master',
  REFUSED: 'refuses, as the log says',
  UNREACHABLE: 'does not answer',
} as const;

export type RedisProblem = keyof typeof REDIS_PROBLEMS;

/** As a command and a script say it. */
const DENIED = /NOPERM|user executing the script can't/;

export function problemOf({ name, message }: Error): RedisProblem {
  // What Redis answers, in difference to what the network or a clock ends.
  if (name !== 'ReplyError') return 'UNREACHABLE';
  if (/DB index/i.test(message)) return 'NO_SUCH_DATABASE';
  if (DENIED.test(message)) return 'NOPERM';
  const [code = ''] = /^[A-Z]+\b/.exec(message) ?? [];
  return code in REDIS_PROBLEMS ? (code as RedisProblem) : 'REFUSED';
}
