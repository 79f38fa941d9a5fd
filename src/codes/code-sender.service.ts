import { Inject, Injectable } from '@nestjs/common';
import { coarseNetwork } from '../common/networks';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { MessageComposer } from '../sms/composer/message-composer';
import { NotSentException } from '../sms/not-sent';
import { isOwnNumber } from '../sms/own-numbers';
import type { Audience } from '../sms/sms-delivery.entity';
import { SmsSenderService } from '../sms/sms-sender.service';
import { BlockGuardService } from './blocks/block-guard.service';
import { ChallengeCodesService } from './challenge-codes.service';
import { CHALLENGE_STORE, type ChallengeStore } from './challenge-store';
import { RequestHandlesService } from './request-handles.service';
import {
  ALL_PARTS,
  type Part,
  type SendCharge,
  SendScreenService,
  type SendRequest,
} from './send-screen.service';
import { TestNumbersService } from './test-numbers.service';

export interface CodeRequest extends SendRequest {
  /** The language that the caller asks for, and the header that names those of the client. */
  readonly locale?: string;
  readonly acceptLanguage?: string;
}

/** A code that works for less, or for less than half its time, is not worth a message: a new challenge is opened. */
const LEAST_LIFE_SECONDS = 60;

interface SentCode {
  /** Seconds until the code expires. */
  expiresIn: number;
  /** Seconds until this caller may send to this number again. */
  resendIn: number;
  /** Of this request: see {@link RequestHandlesService}. */
  handle: string;
}

/** Opens challenges: sends the code that proves a number. */
@Injectable()
export class CodeSenderService {
  /** Messages that failed for no fault of their callers: every second one counts. */
  private outages = 0;

  constructor(
    private readonly blocks: BlockGuardService,
    @Inject(CHALLENGE_STORE) private readonly challenges: ChallengeStore,
    private readonly clock: Clock,
    private readonly codes: ChallengeCodesService,
    private readonly composer: MessageComposer,
    private readonly env: Env,
    private readonly handles: RequestHandlesService,
    private readonly screen: SendScreenService,
    private readonly sms: SmsSenderService,
    private readonly testNumbers: TestNumbersService,
  ) {}

  /**
   * Sends the code of the number's live challenge, or of a new one.
   *
   * @throws ApiException `NUMBER_UNREACHABLE` for a number of our own, and what {@link SendScreenService.charge} and {@link SmsSenderService.send} throw. An
   *   outage costs the number nothing, and its caller half.
   */
  async send(request: CodeRequest): Promise<SentCode> {
    this.blocks.assertFree('code', request);
    if (this.testNumbers.has(request.mobile)) return this.granted(request, this.env.CODE_TTL, 0);
    if (isOwnNumber(request.mobile, this.env)) throw new ApiException('NUMBER_UNREACHABLE');
    const charge = await this.screen.charge(request);
    try {
      const expiresIn = await this.deliver(request, charge.audience);
      return await this.granted(request, expiresIn, await charge.resendIn());
    } catch (error) {
      await charge.refund(this.refundableAfter(error));
      throw isThrottled(error) ? await withWaitOf(charge, error) : error;
    }
  }

  /** What a message gives back that did not go out, or not for sure. */
  private refundableAfter(error: unknown): Part[] {
    if (!(error instanceof NotSentException))
      return isSpent(error) ? ['pace', 'messages'] : ALL_PARTS;
    const parts = REFUNDABLE[error.reason];
    if (!OUTAGES.has(error.reason)) return parts;
    this.outages += 1;
    return this.outages % 2 === 0 ? parts : ['address', ...parts];
  }

  private async granted(
    request: CodeRequest,
    expiresIn: number,
    resendIn: number,
  ): Promise<SentCode> {
    return { expiresIn, resendIn, handle: await this.handles.issue(request, expiresIn) };
  }

  private get leastLifeMs(): number {
    return Math.min(LEAST_LIFE_SECONDS, this.env.CODE_TTL / 2) * 1000;
  }

  /** @returns the seconds until the code expires. */
  private async deliver(
    { mobile, address, locale, acceptLanguage }: CodeRequest,
    audience: Audience,
  ): Promise<number> {
    const expiresAt = new Date(this.clock.now() + this.env.CODE_TTL * 1000);
    const candidate = this.codes.newChallenge(mobile, expiresAt);
    const spare = this.codes.newChallenge(mobile, expiresAt);
    const challenge = await this.challenges.open(candidate, spare, this.leastLifeMs);
    const expiresIn = Math.ceil((challenge.expiresAt.getTime() - this.clock.now()) / 1000);
    const code = this.codes.codeOf(challenge);
    const text = this.composer.compose({ mobile, code, expiresIn, locale, acceptLanguage });
    await this.sms.send({
      message: { to: mobile, code, minutes: Math.max(1, Math.floor(expiresIn / 60)), ...text },
      challengeId: challenge.id,
      audience,
      network: coarseNetwork(address),
      isResend: ![candidate.id, spare.id].includes(challenge.id),
    });
    return expiresIn;
  }
}

const isSpent = (error: unknown) =>
  error instanceof ApiException && error.errorCode === 'SMS_BUDGET_SPENT';

const isThrottled = (error: unknown): error is NotSentException =>
  error instanceof NotSentException && error.reason === 'throttled';

/** What the providers refuse may be refused by a limit of ours for longer. */
async function withWaitOf(charge: SendCharge, { waitSeconds }: NotSentException) {
  return new NotSentException('throttled', Math.max(waitSeconds, await charge.resendIn()));
}

const REFUNDABLE: Record<NotSentException['reason'], Part[]> = {
  refused: [],
  // Not so that the caller asks the providers again and again.
  throttled: ['messages'],
  // Callers choose the number, and so may choose that it fails.
  rejected: ['pace', 'messages'],
  // It may have arrived. The caller may retry at once, but not for ever.
  unknown: ['pace'],
  failed: ['pace', 'messages'],
  spared: ALL_PARTS,
};

/** Who asks in an outage pays half: users are not shut out, and nobody has the providers tried for nothing. */
const OUTAGES: ReadonlySet<NotSentException['reason']> = new Set(['failed', 'unknown']);
