import { Inject, Injectable, Optional } from '@nestjs/common';
import { addressBucket, coarseNetwork, networksOf } from '../common/networks';
import { ApiException } from '../common/errors';
import { countryOf, type E164, prefixOf } from '../common/phone-number';
import { DevicesService } from '../sessions/devices.service';
import { ConversionMonitorService, type Standing } from '../sms/conversion-monitor.service';
import { SmsBudgetService } from '../sms/sms-budget.service';
import type { Audience } from '../sms/sms-delivery.entity';
import { UsersService } from '../users/users.service';
import { CAPTCHA, type Captcha } from './captcha/captcha';
import { askerOf, crowdCharges } from './crowd-charges';
import { type Charges, LimiterService, type Refund } from './limiter.service';

export interface SendRequest {
  readonly mobile: E164;
  readonly address: string;
  /** The `device_token` of an earlier login. */
  readonly deviceToken?: string;
  /** The answer to a captcha. */
  readonly captcha?: string;
}

/** What a message counts as: a request of its address, one in its time, and one of so many. */
export type Part = 'address' | 'pace' | 'messages';

export const ALL_PARTS: Part[] = ['address', 'pace', 'messages'];

/** What a message was counted as. */
export interface SendCharge {
  readonly audience: Audience;
  /** Gives back what the message counted. */
  refund(parts: Part[]): Promise<void>;
  /** Seconds until this caller may send to this number again. */
  resendIn(): Promise<number>;
}

/** Decides whether a code may be sent, and counts it, before anything is spent on it. */
@Injectable()
export class SendScreenService {
  constructor(
    private readonly budget: SmsBudgetService,
    @Optional() @Inject(CAPTCHA) private readonly captcha: Captcha | undefined,
    private readonly devices: DevicesService,
    private readonly conversions: ConversionMonitorService,
    private readonly limiter: LimiterService,
    private readonly users: UsersService,
  ) {}

  /**
   * @throws ApiException `TOO_MANY_REQUESTS`, which costs the caller nothing; `SMS_PAUSED` or
   *   `CAPTCHA_REQUIRED`, which count against the address only, so that it cannot ask for ever.
   */
  async charge(request: SendRequest): Promise<SendCharge> {
    await this.refuseEarly(request);
    const device = await this.devices.deviceOf(request.mobile, request.deviceToken);
    const audience = await this.audienceOf(request, device);
    const { address, pace, number, crowd } = chargesOf(request, audience, device);
    const refunds = { address: await this.limiter.take(address), pace: free, messages: free };
    const refund = async (parts: Part[]) =>
      void (await Promise.all(parts.map((part) => refunds[part]())));
    try {
      await this.limiter.check({ ...pace, ...number });
      refunds.messages = await this.suspect(request, audience);
      // Not before: what is refused holds nothing, not even for a moment, that others wait for.
      refunds.pace = await this.limiter.take(pace);
      refunds.messages = both(await this.limiter.take({ ...number, ...crowd }), refunds.messages);
      const resendIn = () => this.limiter.nextWait({ ...address, ...pace, ...number });
      return { audience, refund, resendIn };
    } catch (error) {
      await refund(isDeterrent(error) ? ['pace', 'messages'] : ALL_PARTS);
      throw error;
    }
  }

  /** What a flood of strangers has used up costs no question to SQL. */
  private async refuseEarly({ mobile, address, deviceToken }: SendRequest): Promise<void> {
    if (deviceToken !== undefined) return;
    await this.limiter.check({
      'codes-per-address': addressBucket(address),
      'code-cooldown': askerOf(mobile, address),
    });
  }

  /** Whose reserve a message may come from. */
  private async audienceOf(
    { mobile, address }: SendRequest,
    device: string | null,
  ): Promise<Audience> {
    const { isKnown, isHome } = await this.users.tieOf(mobile, coarseNetwork(address));
    if (isKnown && device !== null) return 'device';
    return isHome ? 'home' : 'fresh';
  }

  /**
   * Asks for a captcha once an address or a prefix has had its share without one, or it looks like an attack. What is paused is
   * told after the captcha only: everybody is asked for that alike.
   */
  private async suspect(request: SendRequest, audience: Audience): Promise<Refund> {
    const standing = await this.standingOf(request, audience);
    const easy = await this.pass(request, audience, standing);
    if (standing === 'paused') throw this.conversions.refusal();
    return easy;
  }

  private async pass(
    request: SendRequest,
    audience: Audience,
    standing: Standing,
  ): Promise<Refund> {
    const { captcha: answer, address } = request;
    if (!this.captcha) return free;
    const isUsual = standing === 'good';
    const easy = isUsual && (await this.limiter.takeIfLeft(easyCharges(request, audience)));
    if (easy) return easy;
    if (answer && (await this.captcha.verify(answer, address))) return free;
    throw new ApiException('CAPTCHA_REQUIRED');
  }

  private async standingOf(
    { mobile, address }: SendRequest,
    audience: Audience,
  ): Promise<Standing> {
    if (audience !== 'fresh') return 'good';
    const standing = await this.conversions.standingOf(mobile, coarseNetwork(address));
    if (standing !== 'good') return standing;
    return (await this.budget.isTight(countryOf(mobile))) ? 'suspicious' : 'good';
  }
}

const free: Refund = () => Promise.resolve();

const both =
  (one: Refund, other: Refund): Refund =>
  async () =>
    void (await Promise.all([one(), other()]));

function chargesOf({ mobile, address }: SendRequest, audience: Audience, device: string | null) {
  const asker = askerOf(mobile, address);
  const ofStrangers = { 'codes-per-number-and-network': asker, 'codes-per-number': mobile };
  const isOwner = device !== null || audience !== 'fresh';
  return {
    address: device ? {} : { 'codes-per-address': networksFor(audience, address) },
    pace: { 'code-cooldown': device ?? asker },
    number: isOwner ? { 'codes-to-owner': mobile } : ofStrangers,
    crowd: audience === 'fresh' ? crowdCharges(mobile) : {},
  } satisfies Record<string, Charges>;
}

/** What a network has used up with numbers that nobody knows does not shut out those that it had before. */
const networksFor = (audience: Audience, address: string) =>
  audience === 'fresh' ? networksOf(address) : addressBucket(address);

const easyCharges = ({ mobile, address }: SendRequest, audience: Audience): Charges => ({
  'easy-codes-per-address': networksFor(audience, address),
  ...(audience === 'fresh' && { 'easy-codes-per-prefix': prefixOf(mobile) }),
});

function isDeterrent(error: unknown): boolean {
  return (
    error instanceof ApiException && ['CAPTCHA_REQUIRED', 'SMS_PAUSED'].includes(error.errorCode)
  );
}
