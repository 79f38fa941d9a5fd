import { Inject, Injectable, Optional } from '@nestjs/common';
import type { E164 } from '../common/phone-number';
import { Networks } from '../common/networks';
import { KeyRing } from '../config/key-ring';
import { REDIS, type RedisClient } from '../storage/redis.service';
import { BriefMemory } from './brief-memory';
import { type Charges, chargesOfNote, noteOf } from './charges';
import { type Digest, digestBy } from './digest';
import { askerAt } from './limited';

interface Caller {
  readonly mobile: E164;
  readonly address: string;
}

/** What the last message of a challenge counts as until its code is used. */
@Injectable()
export class UnusedMessagesService {
  private readonly digest: Digest;
  private readonly memory: BriefMemory;

  constructor(
    ring: KeyRing,
    private readonly networks: Networks,
    @Optional() @Inject(REDIS) redis?: RedisClient,
  ) {
    this.digest = digestBy(ring);
    this.memory = new BriefMemory(redis);
  }

  async note(
    challengeId: string,
    asker: Caller,
    charges: Charges,
    lifeSeconds: number,
  ): Promise<void> {
    const entry = `${this.nameOf(asker)} ${noteOf(charges)}`;
    await this.memory.remember(keyOf(challengeId), entry, lifeSeconds);
  }

  /** What it counts as no longer: where another address has asked, nothing of either's networks. */
  async chargesOf(challengeId: string, { mobile, address }: Caller): Promise<Charges> {
    const entry = await this.memory.recall(keyOf(challengeId));
    if (entry === undefined) return {};
    const isAsker = entry.startsWith(`${this.nameOf({ mobile, address })} `);
    const networks = isAsker ? this.networks.of(address) : undefined;
    return chargesOfNote(entry, { does: 'ask', mobile, networks });
  }

  private nameOf({ mobile, address }: Caller): string {
    return this.digest(askerAt(mobile, address));
  }
}

const keyOf = (challengeId: string) => `sent:${challengeId}`;
