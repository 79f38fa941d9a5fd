import { Inject, Injectable } from '@nestjs/common';
import { addressBucket } from '../common/networks';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { MetricsService } from '../observability/metrics.service';
import { DevicesService } from '../sessions/devices.service';
import { SmsDeliveriesService } from '../sms/sms-deliveries.service';
import { ChallengeCodesService } from './challenge-codes.service';
import type { Challenge } from './challenge.entity';
import { CHALLENGE_STORE, type ChallengeStore, counted, type Guess } from './challenge-store';
import { type Charges, LimiterService } from './limiter.service';
import { TestNumbersService } from './test-numbers.service';

/** A code that somebody presents, and who. */
export interface PresentedCode {
  readonly mobile: E164;
  readonly code: string;
  readonly address: string;
  readonly deviceToken?: string;
}

/** Consumes challenges: a right code succeeds once, wrong ones are counted. */
@Injectable()
export class CodeVerifierService {
  constructor(
    @Inject(CHALLENGE_STORE) private readonly challenges: ChallengeStore,
    private readonly codes: ChallengeCodesService,
    private readonly deliveries: SmsDeliveriesService,
    private readonly devices: DevicesService,
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
    const { mobile, code, ...caller } = presented;
    const tags = this.codes.tagsOf(mobile, code);
    const guess = { mobile, tags, charges: await this.chargesOf(mobile, caller) };
    if (!beforehand) return this.judge(presented, guess);
    await this.judge(presented, { ...guess, isDryRun: true });
    await beforehand();
    return this.judge(presented, { ...guess, charges: {} });
  }

  /** Notes that a consumed challenge has become a session. */
  loggedIn({ id, mobile }: Challenge): void {
    this.metrics.codeChecked('verified');
    this.deliveries.verified(id, mobile);
  }

  /** Puts a consumed challenge back after its login failed for no fault of the caller. */
  async restore(challenge: Challenge): Promise<void> {
    if (!this.testNumbers.has(challenge.mobile)) await this.challenges.open(challenge);
  }

  private async judge({ mobile, code }: PresentedCode, guess: Guess): Promise<Challenge> {
    const challenge = await (this.testNumbers.has(mobile)
      ? counted(this.limiter, guess, async () => this.testNumbers.challengeFor(mobile, code))
      : this.challenges.consume(guess));
    if (challenge) return challenge;
    this.metrics.codeChecked('wrong');
    throw new ApiException('INVALID_CODE');
  }

  private async chargesOf(
    mobile: E164,
    { address, deviceToken }: Omit<PresentedCode, 'mobile' | 'code'>,
  ): Promise<Charges> {
    const ofAddress = { 'guesses-per-address': addressBucket(address) };
    // Before SQL is asked.
    if (deviceToken) await this.limiter.check(ofAddress);
    const device = await this.devices.deviceOf(mobile, deviceToken);
    return {
      ...ofAddress,
      'guesses-per-number': device ?? mobile,
      ...(device && { 'guesses-from-devices': mobile }),
    };
  }
}
