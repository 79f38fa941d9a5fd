import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { MessageComposer } from '../sms/composer/message-composer';
import { NotSentException } from '../sms/not-sent';
import { isOwnNumber } from '../sms/own-numbers';
import { type Delivery, SmsSenderService } from '../sms/sms-sender.service';
import { BlockGuardService } from './blocks/block-guard.service';
import { ChallengeCodesService } from './challenge-codes.service';
import { CHALLENGE_STORE, type ChallengeStore } from './challenge-store';
import { CodesInHandService, type SentCode } from './codes-in-hand.service';
import type { Purpose } from './purposes';
import { QuietSenderService } from './quiet-sender.service';
import { RequestHandlesService } from './request-handles.service';
import { ALL_PARTS, type Part, type SendCharge, SendChargesService } from './send-charges.service';
import { SendLooksService } from './send-looks.service';
import type { Asked, SendRequest } from './send-request';
import { SendScreenService } from './send-screen.service';
import { TestNumbersService } from './test-numbers.service';
import { UnusedMessagesService } from './unused-messages.service';

export interface CodeRequest extends SendRequest {
  /** Of a code that is for no login. */
  readonly purpose?: Purpose;
  /** The language that the caller asks for, and the header that names those of the client. */
  readonly locale?: string;
  readonly acceptLanguage?: string;
  /** The build of the Android app that asks. */
  readonly app?: string;
  readonly requestId?: string;
}

interface Opened {
  /** What brings the code. */
  readonly delivery: Delivery;
  /** Seconds until that expires. */
  readonly expiresIn: number;
}

/** A code that works for less, or for less than half its time, is not worth a message: a new challenge is opened. */
const LEAST_LIFE_SECONDS = 60;

/** Opens challenges: sends the code that proves a number. */
@Injectable()
export class CodeSenderService {
  /** Messages that failed for no fault of their callers: every second one counts. */
  private outages = 0;

  constructor(
    private readonly blocks: BlockGuardService,
    private readonly charges: SendChargesService,
    @Inject(CHALLENGE_STORE) private readonly challenges: ChallengeStore,
    private readonly clock: Clock,
    private readonly codes: ChallengeCodesService,
    private readonly composer: MessageComposer,
    private readonly env: Env,
    private readonly handles: RequestHandlesService,
    private readonly inHand: CodesInHandService,
    private readonly looks: SendLooksService,
    private readonly quiet: QuietSenderService,
    private readonly screen: SendScreenService,
    private readonly sms: SmsSenderService,
    private readonly testNumbers: TestNumbersService,
    private readonly unused: UnusedMessagesService,
  ) {}

  /**
   * Sends the code of the number's live challenge, or of a new one.
   *
   * @throws ApiException `NUMBER_UNREACHABLE` for a number of our own, and what {@link SendScreenService}, {@link SendChargesService} and {@link SmsSenderService.send} throw. An
   *   outage costs the number nothing, and its caller half. With `SIGNUP=closed` nothing of what comes after the charge.
   */
  async send(request: CodeRequest): Promise<SentCode> {
    this.blocks.assertFree('code', request);
    if (this.testNumbers.has(request.mobile)) return this.granted(request, this.env.CODE_TTL, 0);
    if (isOwnNumber(request.mobile, this.env)) throw unreachable();
    const asked = await this.screen.identify(request);
    try {
      return await this.charged(request, asked);
    } catch (error) {
      // The code that is in a hand is one of logins.
      const inHand = !request.purpose && (await this.inHand.insteadOf(error, asked, request));
      if (inHand) return inHand;
      throw error;
    }
  }

  /** @param before the charge of the same request whose message was beyond the share of its networks. */
  private async charged(
    request: CodeRequest,
    asked: Asked,
    before?: SendCharge,
  ): Promise<SentCode> {
    const charge = await this.charges.charge(asked, { ...request, isSolved: before?.isSolved });
    let opened: Opened | undefined;
    const note = async (refunded: Part[]) => {
      const { delivery, expiresIn } = opened!;
      const unused = charge.unusedAfter(refunded);
      await this.unused.note(delivery.challengeId, request, unused, expiresIn);
    };
    try {
      opened = await this.open(request, asked, charge);
      const { delivery, expiresIn } = opened;
      const isQuiet = this.env.SIGNUP === 'closed' && !request.purpose;
      if (!isQuiet) await this.sms.send(delivery);
      const granted = this.granted(request, expiresIn, charge.resendIn());
      const [sent] = await Promise.all([granted, note([])]);
      if (isQuiet) this.quiet.send(delivery);
      return sent;
    } catch (error) {
      const refunded = this.refundableAfter(error);
      await charge.refund(refunded);
      if (isUnknown(error)) await note(refunded);
      const mayPass = isOfShare(error) && !charge.isBeyondShare && !before;
      // Owners who have had what is reserved for them are helped as strangers are.
      if (mayPass && (await this.looks.isBeyondShare(asked)))
        return this.charged(request, { ...asked, audience: 'fresh' }, charge);
      throw isThrottled(error) ? withWaitOf(charge, error) : error;
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
    const { mobile, purpose, address } = request;
    const holder = { mobile: purpose?.subject ?? mobile, address };
    return { expiresIn, resendIn, handle: await this.handles.issue(holder, expiresIn) };
  }

  private get leastLifeMs(): number {
    return Math.min(LEAST_LIFE_SECONDS, this.env.CODE_TTL / 2) * 1000;
  }

  /** Opens the challenge. */
  private async open(
    { mobile, purpose, requestId, ...receiver }: CodeRequest,
    { audience, origin }: Asked,
    { isBeyondShare }: SendCharge,
  ): Promise<Opened> {
    const expiresAt = new Date(this.clock.now() + this.env.CODE_TTL * 1000);
    const subject = purpose?.subject ?? mobile;
    const candidate = this.codes.newChallenge(subject, expiresAt);
    const spare = this.codes.newChallenge(subject, expiresAt);
    const challenge = await this.challenges.open(candidate, spare, this.leastLifeMs);
    const expiresIn = Math.ceil((challenge.expiresAt.getTime() - this.clock.now()) / 1000);
    const code = this.codes.codeOf(challenge);
    const about = { mobile, purpose: purpose?.kind };
    const text = this.composer.compose({ ...receiver, ...about, code, expiresIn });
    const delivery: Delivery = {
      message: {
        to: mobile,
        code,
        purpose: purpose?.kind,
        minutes: Math.max(1, Math.floor(expiresIn / 60)),
        ...text,
      },
      challengeId: challenge.id,
      audience,
      ...origin,
      isBeyondShare,
      requestId,
      isResend: ![candidate.id, spare.id].includes(challenge.id),
    };
    return { delivery, expiresIn };
  }
}

const unreachable = () => new ApiException('NUMBER_UNREACHABLE', { reason: 'own_number' });

const isSpent = (error: unknown) =>
  error instanceof ApiException && error.errorCode === 'SMS_BUDGET_SPENT';

const isOfShare = (error: unknown) =>
  error instanceof ApiException && error.reason === 'network_share';

const isUnknown = (error: unknown) =>
  error instanceof NotSentException && error.reason === 'unknown';

const isThrottled = (error: unknown): error is NotSentException =>
  error instanceof NotSentException && error.reason === 'throttled';

/** What the providers refuse may be refused by a limit of ours for longer. */
function withWaitOf(charge: SendCharge, { waitSeconds }: NotSentException) {
  const ours = charge.resendIn(['address', 'pace']);
  return new NotSentException('throttled', Math.max(waitSeconds ?? 0, ours));
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
