import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { addressBucket } from '../common/client-address';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import type { E164 } from '../common/phone-number';
import { Env } from '../config/env';
import { MetricsService } from '../observability/metrics.service';
import { MessageComposer } from '../sms/composer/message-composer';
import { SmsDeliveries } from '../sms/sms-deliveries.service';
import { NotSentException, SmsSender } from '../sms/sms-sender.service';
import { ChallengeCodes } from './challenge-codes';
import type { Challenge } from './challenge.entity';
import { type ChallengeStore, counted } from './challenge-store';
import { DeviceTokens } from './device-tokens';
import { type Charges, LimiterService } from './limiter.service';
import { ALL_PARTS, type Part, SendScreen, type SendRequest } from './send-screen.service';
import { TestNumbers } from './test-numbers';

export const CHALLENGE_STORE = Symbol('ChallengeStore');

export interface CodeRequest extends SendRequest {
  /** The language that the caller asks for, and the header that names those of the client. */
  readonly locale?: string;
  readonly acceptLanguage?: string;
}

export interface Login {
  readonly mobile: E164;
  readonly code: string;
  readonly address: string;
  readonly deviceToken?: string;
}

interface SentCode {
  /** Seconds until the code stops working. */
  expiresIn: number;
  /** Seconds until this caller may send to this number again. */
  resendIn: number;
}

/** Challenges: a six-digit code that proves a number. */
@Injectable()
export class CodesService {
  constructor(
    @Inject(CHALLENGE_STORE) private readonly challenges: ChallengeStore,
    private readonly clock: Clock,
    private readonly codes: ChallengeCodes,
    private readonly composer: MessageComposer,
    private readonly deliveries: SmsDeliveries,
    private readonly devices: DeviceTokens,
    private readonly env: Env,
    private readonly limiter: LimiterService,
    private readonly metrics: MetricsService,
    private readonly screen: SendScreen,
    private readonly sms: SmsSender,
    private readonly testNumbers: TestNumbers,
  ) {}

  /**
   * Sends the code of the number's live challenge, or of a new one.
   *
   * @throws ApiException what {@link SendScreen.admit} and {@link SmsSender.send} throw. An outage costs
   *   the caller nothing.
   */
  async send(request: CodeRequest): Promise<SentCode> {
    if (this.testNumbers.has(request.mobile)) return { expiresIn: this.env.CODE_TTL, resendIn: 0 };
    const admission = await this.screen.admit(request);
    try {
      const expiresIn = await this.deliver(request);
      return { expiresIn, resendIn: await admission.resendIn() };
    } catch (error) {
      await admission.refund(refundableAfter(error));
      throw error;
    }
  }

  /**
   * Consumes the challenge that the code answers. Whoever gets it must still insert its id into the
   * sessions table, where a code that slipped through twice is stopped.
   *
   * @throws ApiException `INVALID_CODE` or `TOO_MANY_REQUESTS`; `UNAVAILABLE` costs the
   *   caller nothing unless a store has judged the code.
   */
  async verify({ mobile, code, ...caller }: Login): Promise<Challenge> {
    const tags = this.codes.tagsOf(mobile, code);
    const guess = { mobile, tags, charges: this.chargesOf(mobile, caller) };
    const challenge = await (this.testNumbers.has(mobile)
      ? counted(this.limiter, guess, async () => this.testChallenge(mobile, code))
      : this.challenges.redeem(guess));
    if (challenge) return challenge;
    this.metrics.codeChecked('wrong');
    throw new ApiException('INVALID_CODE');
  }

  /**
   * Notes that a challenge has become a session.
   *
   * @returns what tells the device from a stranger's at the next login.
   */
  confirm({ id, mobile }: Challenge): string {
    this.metrics.codeChecked('verified');
    this.deliveries.verified(id, mobile);
    return this.devices.issue(mobile);
  }

  /** Puts a consumed challenge back after its login failed for no fault of the caller. */
  async restore(challenge: Challenge): Promise<void> {
    if (!this.testNumbers.has(challenge.mobile)) await this.challenges.open(challenge);
  }

  /** @returns the seconds that the code lives. */
  private async deliver({
    mobile,
    audience,
    locale,
    acceptLanguage,
  }: CodeRequest): Promise<number> {
    const expiresAt = new Date(this.clock.now() + this.env.CODE_TTL * 1000);
    const candidate = this.codes.newChallenge(mobile, expiresAt);
    const spare = this.codes.newChallenge(mobile, expiresAt);
    const challenge = await this.challenges.open(candidate, spare);
    const expiresIn = Math.ceil((challenge.expiresAt.getTime() - this.clock.now()) / 1000);
    const code = this.codes.codeOf(challenge);
    const text = this.composer.compose({ mobile, code, expiresIn, locale, acceptLanguage });
    await this.sms.send({
      message: { to: mobile, code, minutes: Math.ceil(expiresIn / 60), ...text },
      challengeId: challenge.id,
      audience,
      isResend: ![candidate.id, spare.id].includes(challenge.id),
    });
    return expiresIn;
  }

  private chargesOf(
    mobile: E164,
    { address, deviceToken }: Omit<Login, 'mobile' | 'code'>,
  ): Charges {
    const device = this.devices.deviceOf(mobile, deviceToken);
    return {
      'guesses-per-address': addressBucket(address),
      'guesses-per-number': device ?? mobile,
      ...(device && { 'guesses-from-devices': mobile }),
    };
  }

  /** A code that is fixed answers a new challenge every time. */
  private testChallenge(mobile: E164, code: string): Challenge | null {
    if (!this.testNumbers.isCode(mobile, code)) return null;
    return { mobile, id: randomBytes(16).toString('hex'), tag: '', expiresAt: this.clock.date() };
  }
}

/** What a message gives back that did not go out, or not for sure. */
function refundableAfter(error: unknown): Part[] {
  if (error instanceof NotSentException) return REFUNDABLE[error.reason];
  const isSpent = error instanceof ApiException && error.errorCode === 'SMS_BUDGET_SPENT';
  return isSpent ? ['pace', 'messages'] : ALL_PARTS;
}

const REFUNDABLE: Record<NotSentException['reason'], Part[]> = {
  failed: ALL_PARTS,
  // It may have arrived. The caller may try again at once, but not for ever.
  unknown: ['address', 'pace'],
  refused: [],
};
