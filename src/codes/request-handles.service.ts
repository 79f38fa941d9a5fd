import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { KeyRing } from '../config/key-ring';
import { REDIS, type RedisClient } from '../storage/redis.service';
import { askerOf } from './crowd-charges';
import { type Digest, digestBy } from './digest';

const ID_BYTES = 16;
const FORM = /^([\w-]{22})\.([1-9]\d{9,10})\.([\w-]{43})$/;
/** Networks that asked, remembered in this process. */
const MAX_ASKERS = 20_000;

/** Whose code it is to enter. */
interface Holder {
  readonly mobile: E164;
  readonly address: string;
  readonly handle?: string;
}

/**
 * Handles of requests for a code. Guesses with one count for its request, so that nobody else uses up what the one who
 * asked may get wrong. A handle is bound to the number and tells nothing of the code. Clients that do not send it are
 * known by the address that asked.
 */
@Injectable()
export class RequestHandlesService {
  private readonly digest: Digest;
  /** Of the secret, then of the one before. */
  private readonly keys: Buffer[];
  private readonly askers = new LRUCache<string, string>({ max: MAX_ASKERS });

  constructor(
    ring: KeyRing,
    private readonly clock: Clock,
    @Optional() @Inject(REDIS) private readonly redis?: RedisClient,
  ) {
    this.digest = digestBy(ring);
    this.keys = ring.generations.map((generation) => generation.derive('request handle'));
  }

  /** The handle of a request that has just been granted, remembered for the address that asked. */
  async issue({ mobile, address }: Holder, lifeSeconds: number): Promise<string> {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const expiresAt = Math.ceil(this.clock.now() / 1000) + lifeSeconds;
    await this.remember(this.keyOf(mobile, address), id, lifeSeconds * 1000);
    return `${id}.${expiresAt}.${macOf(mobile, id, expiresAt, this.keys[0]!)}`;
  }

  /** The id of the request that a code answers: by its handle, or by where it comes from; undefined for a stranger's. */
  async requestOf({ mobile, address, handle }: Holder): Promise<string | undefined> {
    return this.read(mobile, handle) ?? (await this.recall(this.keyOf(mobile, address)));
  }

  /** One that has expired, or belongs to another number, is none. */
  private read(mobile: E164, handle = ''): string | undefined {
    const [, id, expiresAt, mac] = FORM.exec(handle) ?? [];
    if (!id || Number(expiresAt) * 1000 <= this.clock.now()) return undefined;
    const isOurs = this.keys.some((key) =>
      timingSafeEqual(Buffer.from(mac!), Buffer.from(macOf(mobile, id, Number(expiresAt), key))),
    );
    return isOurs ? id : undefined;
  }

  private async remember(key: string, id: string, milliseconds: number): Promise<void> {
    try {
      if (this.redis) return void (await this.redis.set(key, id, 'PX', milliseconds));
    } catch {
      // Redis is away: this node knows.
    }
    this.askers.set(key, id, { ttl: milliseconds });
  }

  private async recall(key: string): Promise<string | undefined> {
    const shared = await this.redis?.get(key).catch(() => null);
    return shared ?? this.askers.get(key);
  }

  private keyOf(mobile: E164, address: string): string {
    return `asked:${this.digest(askerOf(mobile, address))}`;
  }
}

function macOf(mobile: E164, id: string, expiresAt: number, key: Buffer): string {
  return createHmac('sha256', key).update(`${mobile} ${id} ${expiresAt}`).digest('base64url');
}
