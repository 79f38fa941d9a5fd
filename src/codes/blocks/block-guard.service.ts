import { Injectable } from '@nestjs/common';
import { BackgroundJobsService } from '../../common/background-jobs.service';
import { Clock } from '../../common/clock';
import type { E164 } from '../../common/phone-number';
import { LimiterService } from '../limiter.service';
import type { LimitName } from '../limits';
import { BlockList } from './block-list';
import { BlocksService } from './blocks.service';

const READ_EVERY_MS = 2000;

/** The limits that a blocked number or address seems to have used up, by what is asked for. */
const SEEMING = {
  code: { number: 'codes-per-number', address: 'codes-per-address' },
  login: { number: 'guesses-per-number-and-network', address: 'guesses-per-address' },
  password: { number: 'passwords-per-username', address: 'passwords-per-address' },
} as const satisfies Record<string, Record<'number' | 'address', LimitName>>;

/**
 * Refuses numbers and networks that operators have blocked, as a limit would: nobody learns of it. Each node reads the
 * blocks every two seconds; without SQL those hold that were read last.
 */
@Injectable()
export class BlockGuardService {
  private blocked = new BlockList();

  constructor(
    private readonly blocks: BlocksService,
    private readonly clock: Clock,
    private readonly limiter: LimiterService,
    jobs: BackgroundJobsService,
  ) {
    jobs.every('blocks', READ_EVERY_MS, () => this.read(), { runsAtStart: true });
  }

  /** @throws ApiException `TOO_MANY_REQUESTS`. */
  assertFree(what: keyof typeof SEEMING, asker: { mobile?: E164; address: string }): void {
    const { mobile, address } = asker;
    const { number: ofNumber, address: ofAddress } = SEEMING[what];
    if (mobile) this.assertOver(this.blocked.endOfNumber(mobile), ofNumber);
    this.assertOver(this.blocked.endOfAddress(address), ofAddress);
  }

  private assertOver(end: number, seeming: LimitName): void {
    const milliseconds = end - this.clock.now();
    if (milliseconds > 0) throw this.limiter.refusalAs(seeming, milliseconds);
  }

  private async read(): Promise<void> {
    const blocks = await this.blocks.list();
    const ends = blocks.map(({ target, expiresAt }) => [target, expiresAt.getTime()] as const);
    this.blocked = new BlockList(new Map(ends));
  }
}
