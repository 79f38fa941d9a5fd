import { Inject, Injectable } from '@nestjs/common';
import { coarseNetwork, Networks } from '../common/networks';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { MetricsService } from '../observability/metrics.service';
import { DevicesService } from '../sessions/devices.service';
import { UsedCodesService } from '../sms/used-codes.service';
import { BlockGuardService } from './blocks/block-guard.service';
import { ChallengeCodesService } from './challenge-codes.service';
import type { Challenge } from './challenge.entity';
import {
  CHALLENGE_STORE,
  type ChallengeStore,
  counted,
  type Guess,
  WrongCode,
} from './challenge-store';
import { CaptchasService } from './captcha/captchas.service';
import { chargesOf } from './charges';
import type { Limited } from './limited';
import { LimiterService } from './limiter.service';
import type { Purpose } from './purposes';
import { GuessAlarmService } from './guess-alarm.service';
import { RequestHandlesService } from './request-handles.service';
import { TestNumbersService } from './test-numbers.service';
import { UnusedMessagesService } from './unused-messages.service';
import { WrongCodesService } from './wrong-codes.service';

/** A code that somebody presents, and who. */
export interface PresentedCode {
  readonly mobile: E164;
  /** Where it is for no login. */
  readonly purpose?: Purpose;
  readonly code: string;
  readonly address: string;
  readonly deviceToken?: string;
  /** The `challenge` that the request for the code was answered with. */
  readonly handle?: string;
  /** The answer to a captcha. */
  readonly captcha?: string;
}

/** Consumes challenges: a right code succeeds once, wrong ones are counted. */
@Injectable()
export class CodeVerifierService {
  constructor(
    private readonly alarm: GuessAlarmService,
    private readonly blocks: BlockGuardService,
    private readonly captchas: CaptchasService,
    @Inject(CHALLENGE_STORE) private readonly challenges: ChallengeStore,
    private readonly codes: ChallengeCodesService,
    private readonly devices: DevicesService,
    private readonly handles: RequestHandlesService,
    private readonly limiter: LimiterService,
    private readonly metrics: MetricsService,
    private readonly networks: Networks,
    private readonly testNumbers: TestNumbersService,
    private readonly unused: UnusedMessagesService,
    private readonly usedCodes: UsedCodesService,
    private readonly wrongCodes: WrongCodesService,
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
    const guess = this.guessOf(presented, await this.identify(presented));
    if (!beforehand) return this.judge(presented, guess);
    await this.judge(presented, { ...guess, isDryRun: true });
    await beforehand();
    const { mobile, tags } = guess;
    return this.judge(presented, { mobile, tags, charges: {} });
  }

  /** Notes that a consumed challenge has become a session: its message counts no longer for networks and prefixes. */
  async loggedIn({ id }: Challenge, presented: PresentedCode): Promise<void> {
    const { mobile, address } = presented;
    this.metrics.codeChecked('verified');
    this.usedCodes.note(id, { mobile, network: coarseNetwork(address) });
    const unused = await this.unused.chargesOf(id, presented);
    await this.limiter.giveBack(unused, { 'guesses-since-login': mobile });
  }

  /** Puts a consumed challenge back after its login failed for no fault of the caller. */
  async restore({ mobile, id, tag, expiresAt }: Challenge): Promise<void> {
    const challenge = { mobile, id, tag, expiresAt };
    if (!this.testNumbers.has(mobile)) await this.challenges.open(challenge);
  }

  private async judge(presented: PresentedCode, guess: Guess): Promise<Challenge> {
    const judged = await this.unlessSuspected(presented, guess);
    if (!(judged instanceof WrongCode)) return judged;
    this.metrics.codeChecked('wrong');
    const { mobile, tags } = guess;
    const { handle } = presented;
    const reason = await this.wrongCodes.reasonFor({ mobile, tags, handle, wrong: judged });
    throw new ApiException('INVALID_CODE', { reason });
  }

  private guessOf(presented: PresentedCode, limited: Limited): Guess {
    const { code } = presented;
    const subject = subjectOf(presented);
    return {
      mobile: subject,
      tags: this.codes.tagsOf(subject, code),
      charges: chargesOf(limited, { empty: 'wait' }),
      counted: chargesOf(limited, { counts: 'wrong code', empty: 'nothing' }),
      lane: chargesOf(limited, { empty: 'wrong' }),
      suspicion: chargesOf(limited, { empty: 'captcha' }),
      tally: chargesOf(limited, { counts: 'live wrong code', empty: 'nothing' }),
    };
  }

  /** Who is known to the number, by a device or a request, guesses beside all others. */
  private async identify(presented: PresentedCode): Promise<Limited> {
    const { mobile, address, deviceToken } = presented;
    const stranger = { does: 'guess', mobile, networks: this.networks.of(address) } as const;
    const holder = { ...presented, mobile: subjectOf(presented) };
    const [device, answered] = await Promise.all([
      this.devices.deviceOf(mobile, deviceToken),
      this.handles.requestOf(holder),
    ]);
    if (device) return { ...stranger, device };
    // Anybody may ask for the code of a test number, as often as they like.
    return this.testNumbers.has(mobile) ? stranger : { ...stranger, ...answered };
  }

  /** While somebody guesses at many numbers those whom nothing ties to theirs solve a captcha. */
  private async unlessSuspected(
    presented: PresentedCode,
    guess: Guess,
  ): Promise<Challenge | WrongCode> {
    try {
      return await this.judged(presented, guess);
    } catch (error) {
      if (!isCaptchaRequired(error)) throw error;
      this.alarm.raise();
      if (!this.captchas.areOff && !(await this.captchas.isSolved(presented.captcha, presented)))
        throw error;
      const { suspicion, tally, ...rest } = guess;
      return this.judged(presented, { ...rest, tally: { ...tally, ...suspicion } });
    }
  }

  private async judged(
    { mobile, code }: PresentedCode,
    guess: Guess,
  ): Promise<Challenge | WrongCode> {
    if (!this.testNumbers.has(mobile)) return this.challenges.consume(guess);
    const challenge = await counted(this.limiter, guess, {
      consume: async () => this.testNumbers.challengeFor(mobile, code),
      lives: async () => true,
    });
    return challenge ?? new WrongCode();
  }
}

const subjectOf = ({ mobile, purpose }: PresentedCode) => purpose?.subject ?? mobile;

const isCaptchaRequired = (error: unknown) =>
  error instanceof ApiException && error.errorCode === 'CAPTCHA_REQUIRED';
