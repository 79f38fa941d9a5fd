import { Inject, Injectable } from '@nestjs/common';
import { networksOf } from '../common/networks';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { MetricsService } from '../observability/metrics.service';
import { DevicesService } from '../sessions/devices.service';
import { SmsDeliveriesService } from '../sms/sms-deliveries.service';
import { BlockGuardService } from './blocks/block-guard.service';
import { ChallengeCodesService } from './challenge-codes.service';
import type { Challenge } from './challenge.entity';
import { CHALLENGE_STORE, type ChallengeStore, counted, type Guess } from './challenge-store';
import { askerOf, freshCharges, networkCharges } from './crowd-charges';
import { type Charges, LimiterService } from './limiter.service';
import { RequestHandlesService } from './request-handles.service';
import { TestNumbersService } from './test-numbers.service';

/** A code that somebody presents, and who. */
export interface PresentedCode {
  readonly mobile: E164;
  readonly code: string;
  readonly address: string;
  readonly deviceToken?: string;
  /** The `challenge` that the request for the code was answered with. */
  readonly handle?: string;
}

/** Consumes challenges: a right code succeeds once, wrong ones are counted. */
@Injectable()
export class CodeVerifierService {
  constructor(
    private readonly blocks: BlockGuardService,
    @Inject(CHALLENGE_STORE) private readonly challenges: ChallengeStore,
    private readonly codes: ChallengeCodesService,
    private readonly deliveries: SmsDeliveriesService,
    private readonly devices: DevicesService,
    private readonly handles: RequestHandlesService,
    private readonly limiter: LimiterService,
    private readonly metrics: MetricsService,
    private readonly testNumbers: TestNumbersService,
  ) {}

  /**
   * Consumes the challenge that the code answers. Whoever gets it must still insert its id into the
   * sessions table, which stops a code that was consumed twice.
   *
   * @param beforehand is done in between, where it is given, once the code was judged right: when it throws, the
   *   code stays usable. Of parallel calls each does it, and one gets the challenge.
   * @throws ApiException `INVALID_CODE` or `TOO_MANY_REQUESTS`; `UNAVAILABLE` costs the
   *   caller nothing unless a store has judged the code.
   */
  async consume(presented: PresentedCode, beforehand?: () => Promise<void>): Promise<Challenge> {
    this.blocks.assertFree('login', presented);
    const { mobile, code } = presented;
    const guess = { mobile, tags: this.codes.tagsOf(mobile, code) };
    const counts = await this.countsOf(presented);
    if (!beforehand) return this.judge(presented, { ...guess, ...counts });
    await this.judge(presented, { ...guess, ...counts, isDryRun: true });
    await beforehand();
    return this.judge(presented, { ...guess, charges: {} });
  }

  /** Notes that a consumed challenge has become a session: its message counts no longer for networks and prefixes. */
  async loggedIn({ id }: Challenge, login: PresentedCode): Promise<void> {
    const { mobile, address, deviceToken } = login;
    this.metrics.codeChecked('verified');
    this.deliveries.verified(id, mobile);
    // Devices were not counted there.
    if (deviceToken !== undefined) return;
    await this.limiter.giveBack({ ...networkCharges(address), ...freshCharges(mobile) });
  }

  /** Puts a consumed challenge back after its login failed for no fault of the caller. */
  async restore(challenge: Challenge): Promise<void> {
    if (!this.testNumbers.has(challenge.mobile)) await this.challenges.open(challenge);
  }

  private async judge({ mobile, code }: PresentedCode, guess: Guess): Promise<Challenge> {
    const challenge = await (this.testNumbers.has(mobile)
      ? counted(this.limiter, guess, {
          consume: async () => this.testNumbers.challengeFor(mobile, code),
          lives: async () => true,
        })
      : this.challenges.consume(guess));
    if (challenge) return challenge;
    this.metrics.codeChecked('wrong');
    throw new ApiException('INVALID_CODE');
  }

  /** Who is known to the number, by a device or a request, guesses beside all others. */
  private async countsOf(presented: PresentedCode): Promise<Omit<Guess, 'mobile' | 'tags'>> {
    const { mobile, address, deviceToken } = presented;
    const always: Charges = {
      'guesses-per-address': networksOf(address),
      'guesses-per-number-and-network': askerOf(mobile, address),
    };
    const device = await this.devices.deviceOf(mobile, deviceToken);
    if (device) return { charges: {}, counted: always, lane: { 'guesses-per-device': device } };
    // Anybody may ask for the code of a test number, as often as they like.
    const isTest = this.testNumbers.has(mobile);
    const request = isTest ? undefined : await this.handles.requestOf(presented);
    if (request) return { charges: {}, counted: always, lane: { 'guesses-per-request': request } };
    return { charges: always, lane: { 'guesses-per-number': mobile } };
  }
}
