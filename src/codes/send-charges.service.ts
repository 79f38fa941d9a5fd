import { Injectable } from '@nestjs/common';
import { ApiException } from '../common/errors';
import { ConversionMonitorService, type Standing } from '../sms/conversion-monitor.service';
import { NetworkHistoryService } from '../sms/network-history.service';
import { BlockGuardService } from './blocks/block-guard.service';
import { CaptchasService } from './captcha/captchas.service';
import { among, areAny, type Charges, chargesOf } from './charges';
import { keptFor } from './limited';
import { LimiterService, type Refund, type Taking } from './limiter.service';
import { crowded, type Look, SendLooksService } from './send-looks.service';
import type { Asked, SendRequest } from './send-request';

interface CaptchaAnswer extends Pick<SendRequest, 'mobile' | 'address' | 'captcha'> {
  /** Whether it was taken before, and will not be again. */
  readonly isSolved?: boolean;
}

/** What a message counts as: a request of its address, one in its time, and one of so many. */
export type Part = 'address' | 'pace' | 'messages';

export const ALL_PARTS: Part[] = ['address', 'pace', 'messages'];

/** What a message was counted as. */
export interface SendCharge {
  /** Whether it may cost more than what is left of the share of its networks. */
  readonly isBeyondShare: boolean;
  /** Whether it took a captcha. */
  readonly isSolved: boolean;
  /** What it counts as until its code is used, when these parts are given back. */
  unusedAfter(refunded: Part[]): Charges;
  /** Gives back what the message counted. */
  refund(parts: Part[]): Promise<void>;
  /** Seconds until this caller may send to this number again, as far as these parts count. */
  resendIn(parts?: Part[]): number;
}

interface Entered {
  readonly isCrowded: boolean;
  readonly request: Taking;
  /** What was taken. */
  readonly address: Charges;
}

const MESSAGE = { counts: ['message', 'unused message'] } as const;

/** Counts a message that is asked for before anything is spent on it. */
@Injectable()
export class SendChargesService {
  constructor(
    private readonly blocks: BlockGuardService,
    private readonly captchas: CaptchasService,
    private readonly conversions: ConversionMonitorService,
    private readonly history: NetworkHistoryService,
    private readonly limiter: LimiterService,
    private readonly looks: SendLooksService,
  ) {}

  /**
   * @param answer to a captcha.
   * @throws ApiException `TOO_MANY_REQUESTS`, which costs the caller nothing; `SMS_PAUSED` or
   *   `CAPTCHA_REQUIRED`, which count against the address only, so that it cannot ask for ever.
   */
  async charge(asked: Asked, answer: CaptchaAnswer): Promise<SendCharge> {
    try {
      return await this.chargeAs(asked, answer);
    } catch (error) {
      if (!(await this.areKeptGone(error, asked))) throw error;
      return this.chargeAs({ ...asked, isKeptSpent: true }, answer);
    }
  }

  /** Whether a parallel request has had the last of the messages that were kept for this caller. */
  private async areKeptGone(error: unknown, asked: Asked): Promise<boolean> {
    if (!(error instanceof ApiException && error.errorCode === 'TOO_MANY_REQUESTS')) return false;
    return keptFor(asked) && this.limiter.isSpent(chargesOf(asked, { counts: 'message' }));
  }

  private async chargeAs(asked: Asked, answer: CaptchaAnswer): Promise<SendCharge> {
    const isStranger = asked.audience === 'fresh';
    // However it looks beside others: no captcha, no message.
    if (isStranger && asked.easyIn && !answer.captcha)
      return this.chargeInSteps(asked, answer, SUSPICIOUS);
    const look = await this.looks.lookAt(asked);
    const isPlain = look.standing === 'good' && !this.blocks.holdsBack(answer, isStranger);
    const charge = isPlain ? await this.chargeAtOnce(asked) : null;
    return charge ?? this.chargeInSteps(asked, answer, look);
  }

  /** Most requests: nothing is wrong with them, and one call counts them. @returns null when there is, with nothing counted. */
  private async chargeAtOnce(asked: Asked): Promise<SendCharge | null> {
    const address = chargesOf(asked, { counts: 'request' });
    const pace = chargesOf(asked, { counts: 'pace' });
    const messages = chargesOf(asked, MESSAGE);
    const easy = this.easyOf(asked);
    const taking = await this.limiter.attempt({ ...address, ...pace, ...messages, ...easy });
    if (areAny(taking.waits)) return null;
    const refundable = { address, pace, messages: { ...messages, ...easy } };
    const waited = { address, pace, messages };
    const unused = chargesOf(asked, { counts: 'unused message' });
    return {
      isBeyondShare: false,
      isSolved: false,
      unusedAfter: (refunded) => remaining({ address, messages: { ...unused, ...easy } }, refunded),
      refund: (parts) => taking.refund(allOf(refundable, parts)),
      resendIn: (parts = ALL_PARTS) => taking.nextWait(allOf(waited, parts)),
    };
  }

  private async chargeInSteps(
    asked: Asked,
    answer: CaptchaAnswer,
    seen: Look,
  ): Promise<SendCharge> {
    const { isCrowded, request, address } = await this.enter(asked);
    const look = isCrowded ? crowded(seen) : seen;
    const refunds = { address: request.refund, pace: free, messages: free };
    const refund = async (parts: Part[]) =>
      void (await Promise.all(parts.map((part) => refunds[part]())));
    try {
      const easy = await this.pass(asked, look.standing, answer);
      if (easy) refunds.messages = easy.refund;
      const pace = chargesOf(asked, { counts: 'pace' });
      const counted = { ...asked, isCrowded: look.standing === 'crowded' };
      const messages = chargesOf(counted, MESSAGE);
      // Not before: what is refused holds nothing, not even for a moment, that others wait for.
      const sent = await this.limiter.attempt({ ...pace, ...messages });
      if (areAny(sent.waits)) throw this.limiter.refusal(sent.waits);
      refunds.pace = () => sent.refund(pace);
      refunds.messages = both(() => sent.refund(messages), refunds.messages);
      const resendIn = (parts = ALL_PARTS) =>
        Math.max(
          parts.includes('address') ? request.nextWait() : 0,
          sent.nextWait(allOf({ address: {}, pace, messages }, parts)),
        );
      const ofCode = chargesOf(counted, { counts: 'unused message' });
      const unused = { address, messages: { ...ofCode, ...(easy && this.easyOf(asked)) } };
      const unusedAfter = (refunded: Part[]) => remaining(unused, refunded);
      const { isBeyondShare } = look;
      return { isBeyondShare, isSolved: easy === null, unusedAfter, refund, resendIn };
    } catch (error) {
      await refund(isDeterrent(error) ? ['pace', 'messages'] : ALL_PARTS);
      throw error;
    }
  }

  /**
   * Counts a request for its address and networks, unless no message may go out anyway. Networks of many people refuse
   * nobody when they are full: they are crowded.
   */
  private async enter(asked: Asked): Promise<Entered> {
    const sent = { ...chargesOf(asked, { counts: 'pace' }), ...chargesOf(asked, MESSAGE) };
    const address = chargesOf(asked, { counts: 'request' });
    const request = await this.limiter.attempt(address, sent);
    if (!areAny(request.waits)) return { isCrowded: false, request, address };
    const refusing = among(request.waits, sent);
    if (areAny(refusing)) throw this.limiter.refusal(refusing);
    const networks = await this.history.refusing(asked.networks, asked.origin);
    const narrower = chargesOf({ ...asked, networks }, { counts: 'request' });
    const crowding = await this.limiter.attempt(narrower);
    if (areAny(crowding.waits)) throw this.limiter.refusal(crowding.waits);
    return { isCrowded: true, request: crowding, address: narrower };
  }

  /**
   * Asks for a captcha once an address or a prefix has had its share without one, and says when it has some again, or when it
   * looks like an attack. What is paused is told after the captcha only: everybody is asked for that alike.
   *
   * @returns what was taken of {@link easyOf}, null when it took a captcha.
   */
  private async pass(
    asked: Asked,
    standing: Standing,
    answer: CaptchaAnswer,
  ): Promise<Taking | null> {
    this.blocks.assertNotPaused(answer, asked.audience === 'fresh');
    const easy = standing === 'good' ? await this.limiter.attempt(this.easyOf(asked)) : undefined;
    const isEasy = easy !== undefined && !areAny(easy.waits);
    if (!isEasy && !(await this.isSolved(answer))) {
      const reason = answer.captcha ? 'wrong_captcha' : 'no_captcha';
      const easyIn = easy ? this.limiter.secondsOf(easy.waits) : asked.easyIn;
      throw new ApiException('CAPTCHA_REQUIRED', { reason, retryAfter: easyIn || undefined });
    }
    if (standing === 'paused') throw this.conversions.refusal();
    return isEasy ? easy : null;
  }

  /** What a message counts as that takes no captcha. */
  easyOf(asked: Asked): Charges {
    return this.captchas.areOff ? {} : chargesOf(asked, { counts: 'easy message' });
  }

  private async isSolved({ captcha, isSolved, ...solver }: CaptchaAnswer): Promise<boolean> {
    return isSolved || this.captchas.areOff || this.captchas.isSolved(captcha, solver);
  }
}

const SUSPICIOUS: Look = { standing: 'suspicious', isBeyondShare: false };

const allOf = (charges: Record<Part, Charges>, parts: Part[]): Charges =>
  Object.assign({}, ...parts.map((part) => charges[part]));

const remaining = (
  { address, messages }: Record<Exclude<Part, 'pace'>, Charges>,
  refunded: Part[],
): Charges =>
  allOf(
    { address, pace: {}, messages },
    ALL_PARTS.filter((part) => !refunded.includes(part)),
  );

const free: Refund = () => Promise.resolve();

const both =
  (one: Refund, other: Refund): Refund =>
  async () =>
    void (await Promise.all([one(), other()]));

function isDeterrent(error: unknown): boolean {
  return (
    error instanceof ApiException && ['CAPTCHA_REQUIRED', 'SMS_PAUSED'].includes(error.errorCode)
  );
}
