import { RedisService } from '../../src/storage/redis.service';
import { FaultProxy } from './fault-proxy';
import type { TestApp } from './test-app';
import { until } from './until';

/** Something that is to happen whole or not at all. */
export interface Deed {
  /** What it needs is there. */
  prepare(): Promise<void>;
  /** As a client does it, who may hear that it failed. */
  run(): Promise<unknown>;
  /** As they do it once more, in whatever way there is, when they do not know what has become of it. */
  repeat(): Promise<unknown>;
  /** What there is in the database of everything that it changes, told without ids and times. */
  state(): Promise<unknown>;
}

/** What was left of it at one cut point, and after it was done once more. */
export interface Left {
  readonly cut: number;
  readonly state: unknown;
  readonly repeated: unknown;
}

/** A proxy before a store, and the address that leads through it. */
export async function proxied(address: string): Promise<[FaultProxy, string]> {
  const url = new URL(address);
  const proxy = await FaultProxy.before(Number(url.port));
  url.port = String(proxy.port);
  return [proxy, url.href];
}

/** How a deed begins and ends where nothing is cut. */
export async function uncut(deed: Deed) {
  await deed.prepare();
  const before = await deed.state();
  await deed.run();
  return { before, after: await deed.state() };
}

/** Readiness asks for more, by jobs that such a test holds. */
async function isBack({ nest, sql }: TestApp): Promise<boolean> {
  const hasSql = await sql.query('SELECT 1').then(
    () => true,
    () => false,
  );
  return hasSql && nest.get(RedisService).status === 'up';
}

/** Does it again and again, each time with the store lost at the next answer, until it gets through. */
export async function cutEverywhere(app: TestApp, store: FaultProxy, deed: Deed): Promise<Left[]> {
  const left: Left[] = [];
  for (let cut = 1; ; cut++) {
    await deed.prepare();
    store.break({ kind: 'dies', atAnswer: cut });
    await deed.run().catch(() => undefined);
    const hasDied = store.isReset;
    store.heal();
    if (!hasDied) return left;
    await until(() => isBack(app));
    const state = await deed.state();
    await deed.repeat();
    left.push({ cut, state, repeated: await deed.state() });
  }
}
