import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { E164 } from '../common/phone-number';
import { KeyRing } from '../config/key-ring';
import { REDIS, type RedisClient } from '../storage/redis.service';
import { BriefMemory } from './brief-memory';
import { askerAt, type Limited } from './limited';
import { type Digest, digestBy } from './digest';

const ID_BYTES = 16;
/** In place of the id of a request: that of one without a message. */
const IN_HAND = 'in-hand';
const FORM = /^([\w-]{22}|in-hand)\.([1-9]\d{9,10})\.([\w-]{43})$/;

/** Whose code it is to enter. */
interface Holder {
  /** Or what stands for it: see `purposes.ts`. */
  readonly mobile: E164;
  readonly address: string;
  readonly handle?: string;
}

type Answered = Pick<Limited, 'request' | 'isInHand'>;

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
  private readonly askers: BriefMemory;

  constructor(
    ring: KeyRing,
    private readonly clock: Clock,
    @Optional() @Inject(REDIS) redis?: RedisClient,
  ) {
    this.askers = new BriefMemory(redis);
    this.digest = digestBy(ring);
    this.keys = ring.generations.map((generation) => generation.derive('request handle'));
  }

  /** The handle of a request that a message was sent for, remembered for the address that asked. */
  issue(holder: Holder, lifeSeconds: number): Promise<string> {
    return this.name(randomBytes(ID_BYTES).toString('base64url'), holder, lifeSeconds);
  }

  /** The handle of a request that no message is sent for: that of the one before from this address, if it had one. */
  async issueInHand(holder: Holder, lifeSeconds: number): Promise<string> {
    const before = await this.askers.recall(this.keyOf(holder.mobile, holder.address));
    return this.name(before ?? IN_HAND, holder, lifeSeconds);
  }

  /** Which request a code answers: by its handle, or by where it comes from; none for a stranger's. */
  async requestOf({ mobile, address, handle }: Holder): Promise<Answered> {
    const id = this.read(mobile, handle) ?? (await this.askers.recall(this.keyOf(mobile, address)));
    return id === IN_HAND ? { isInHand: true } : { request: id };
  }

  private async name(id: string, { mobile, address }: Holder, lifeSeconds: number) {
    const expiresAt = Math.ceil(this.clock.now() / 1000) + lifeSeconds;
    await this.askers.remember(this.keyOf(mobile, address), id, lifeSeconds);
    return `${id}.${expiresAt}.${macOf(mobile, id, expiresAt, this.keys[0]!)}`;
  }

  /** Whether a client shows the handle of a request for another number. */
  isOfAnother(mobile: E164, handle = ''): boolean {
    return FORM.test(handle) && !this.keys.some((key) => isOf(mobile, handle, key));
  }

  /** One that has expired, or belongs to another number, is none. */
  private read(mobile: E164, handle = ''): string | undefined {
    const [, id, expiresAt] = FORM.exec(handle) ?? [];
    if (!id || Number(expiresAt) * 1000 <= this.clock.now()) return undefined;
    return this.keys.some((key) => isOf(mobile, handle, key)) ? id : undefined;
  }

  private keyOf(mobile: E164, address: string): string {
    return `asked:${this.digest(askerAt(mobile, address))}`;
  }
}

/** @param handle of the right form. */
function isOf(mobile: E164, handle: string, key: Buffer): boolean {
  const [, id, expiresAt, mac] = FORM.exec(handle)!;
  const expected = macOf(mobile, id!, Number(expiresAt), key);
  return timingSafeEqual(Buffer.from(mac!), Buffer.from(expected));
}

function macOf(mobile: E164, id: string, expiresAt: number, key: Buffer): string {
  return createHmac('sha256', key).update(`${mobile} ${id} ${expiresAt}`).digest('base64url');
}
