import { Injectable } from '@nestjs/common';
import { BackgroundJobsService } from '../../common/background-jobs.service';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import { countryOf, type E164 } from '../../common/phone-number';
import { KeyRing } from '../../config/key-ring';
import { MetricsService } from '../../observability/metrics.service';
import { LimiterService } from '../limiter.service';
import type { LimitName } from '../limits';
import { BlockList } from './block-list';
import { type BlockScope, BlocksService } from './blocks.service';
import { sealsBy, type SealsOf } from './sealed-number';

/** Every node knows a block or a pause within a second. */
const READ_EVERY_MS = 700;
/** Who comes back sooner than a long pause ends may find it lifted. */
const MOST_WAIT_SECONDS = 600;

/** The limits that a blocked number or address seems to have used up, by what is asked for. */
const SEEMING = {
  code: { number: 'codes-per-number', address: 'codes-per-address' },
  login: { number: 'guesses-per-number-and-network', address: 'guesses-per-address' },
  password: { number: 'passwords-per-username', address: 'passwords-per-address' },
} as const satisfies Record<string, Record<'number' | 'address', LimitName>>;

/** Who asks for what, or for whom. */
interface Asker {
  readonly mobile?: E164;
  readonly address: string;
}

/**
 * Refuses numbers and networks that operators have blocked, as a limit would: nobody learns of it; and messages that they
 * have paused, which everybody is told. Without SQL those hold that were read last.
 */
@Injectable()
export class BlockGuardService {
  private readonly sealsOf: SealsOf;
  private readonly blocked: Record<BlockScope, BlockList>;

  constructor(
    private readonly blocks: BlocksService,
    private readonly clock: Clock,
    private readonly limiter: LimiterService,
    private readonly metrics: MetricsService,
    ring: KeyRing,
    jobs: BackgroundJobsService,
  ) {
    this.sealsOf = sealsBy(ring);
    const none = new BlockList(this.sealsOf);
    this.blocked = { all: none, strangers: none, messages: none };
    jobs.every('blocks', READ_EVERY_MS, () => this.read(), { runsAtStart: true });
  }

  /** @throws ApiException `TOO_MANY_REQUESTS`. */
  assertFree(what: keyof typeof SEEMING, { mobile, address }: Asker): void {
    const { number: ofNumber, address: ofAddress } = SEEMING[what];
    if (mobile) this.assertOver(this.blocked.all.endOfNumber(mobile), ofNumber);
    this.assertOver(this.blocked.all.endOfAddress(address), ofAddress);
  }

  /** Whether {@link assertNotPaused} would throw. */
  holdsBack(asker: Required<Asker>, isStranger: boolean): boolean {
    return this.secondsOfPause(asker, isStranger) > 0;
  }

  /** @throws ApiException `SMS_PAUSED`. */
  assertNotPaused(asker: Required<Asker>, isStranger: boolean): void {
    const seconds = this.secondsOfPause(asker, isStranger);
    if (seconds <= 0) return;
    this.metrics.smsPaused(countryOf(asker.mobile));
    const retryAfter = Math.min(seconds, MOST_WAIT_SECONDS);
    throw new ApiException('SMS_PAUSED', { retryAfter, reason: 'paused' });
  }

  /** Until when a number or address is blocked, or its messages paused, in epoch milliseconds; those that are over are left out. */
  explain({ mobile, address }: Asker): { scope: BlockScope; until: number }[] {
    return (Object.entries(this.blocked) as [BlockScope, BlockList][])
      .map(([scope, list]) => {
        const ends = [mobile ? list.endOfNumber(mobile) : 0, list.endOfAddress(address)];
        return { scope, until: Math.max(...ends) };
      })
      .filter(({ until }) => until > this.clock.now());
  }

  isFree(mobile: E164): boolean {
    return this.blocked.all.endOfNumber(mobile) <= this.clock.now();
  }

  /** Whether no messages at all go to a number. */
  isPaused(mobile: E164): boolean {
    return this.blocked.messages.endOfNumber(mobile) > this.clock.now();
  }

  private secondsOfPause({ mobile, address }: Required<Asker>, isStranger: boolean): number {
    const { strangers, messages } = this.blocked;
    const ends = (isStranger ? [strangers, messages] : [messages]).flatMap((list) => [
      list.endOfNumber(mobile),
      list.endOfAddress(address),
    ]);
    return Math.ceil((Math.max(...ends) - this.clock.now()) / 1000);
  }

  private assertOver(end: number, seeming: LimitName): void {
    const milliseconds = end - this.clock.now();
    if (milliseconds > 0) throw this.limiter.refusalAs(seeming, milliseconds);
  }

  private async read(): Promise<void> {
    const scopes = Object.keys(this.blocked) as BlockScope[];
    const blocks = await this.blocks.list(scopes);
    for (const one of scopes) {
      const ends = blocks
        .filter(({ scope }) => scope === one)
        .map(({ target, expiresAt }) => [target, expiresAt.getTime()] as const);
      this.blocked[one] = new BlockList(this.sealsOf, new Map(ends));
    }
  }
}
