import { Injectable } from '@nestjs/common';
import { coarseNetwork, Networks } from '../common/networks';
import { DevicesService } from '../sessions/devices.service';
import { NumberTiesService } from '../users/number-ties.service';
import { CaptchasService } from './captcha/captchas.service';
import { among, areAny, type Charges, chargesOf } from './charges';
import { type Explained, LimiterService, type Waits } from './limiter.service';
import { SendChargesService } from './send-charges.service';
import { crowded, type Look, SendLooksService } from './send-looks.service';
import type { Asked, SendRequest } from './send-request';

/** How a request for a code would fare. */
export interface SendOutlook extends Look {
  readonly asked: Asked;
  readonly limits: Explained[];
  readonly wantsCaptcha: boolean;
}

/** Finds out who asks for a code, and how they would fare. */
@Injectable()
export class SendScreenService {
  constructor(
    private readonly captchas: CaptchasService,
    private readonly charges: SendChargesService,
    private readonly devices: DevicesService,
    private readonly limiter: LimiterService,
    private readonly looks: SendLooksService,
    private readonly networks: Networks,
    private readonly ties: NumberTiesService,
  ) {}

  /**
   * Who asks. What a flood of strangers has used up costs no question to SQL.
   *
   * @throws ApiException `TOO_MANY_REQUESTS`.
   */
  async identify(request: SendRequest): Promise<Asked> {
    const stranger = this.strangerOf(request);
    const mayBeDevice = request.deviceToken !== undefined;
    const address: Charges = { 'codes-per-address': stranger.networks[0] };
    const limits = mayBeDevice ? {} : { ...address, ...chargesOf(stranger, { counts: 'pace' }) };
    const easy = mayBeDevice ? {} : this.charges.easyOf(stranger);
    const [hunted, kept] = [huntedOf(request), keptOf(request)];
    const waits = await this.limiter.waits({ ...hunted, ...kept, ...limits, ...easy });
    const isSpent = (charges: Charges) => areAny(among(waits, charges));
    if (isSpent(limits)) throw this.limiter.refusal(among(waits, limits));
    const easyIn = this.limiter.secondsOf(among(waits, easy));
    const seen = { ...stranger, isHunted: isSpent(hunted), easyIn };
    return this.recognize(seen, request, among(waits, kept));
  }

  /** What {@link SendChargesService.charge} would decide by: nothing is counted, and no captcha used up. */
  async explain(request: SendRequest): Promise<SendOutlook> {
    const [hunted, kept] = [huntedOf(request), keptOf(request)];
    const waits = await this.limiter.waits({ ...hunted, ...kept });
    const stranger = { ...this.strangerOf(request), isHunted: areAny(among(waits, hunted)) };
    const asked = await this.recognize(stranger, request, among(waits, kept));
    const seen = await this.looks.explain(asked);
    const isCrowded = await this.limiter.isSpent(chargesOf(asked, { counts: 'request' }));
    const look = isCrowded && asked.audience === 'fresh' ? crowded(seen) : seen;
    const limits = await this.limiter.explain({ ...asked, isCrowded: look.standing === 'crowded' });
    const isSpent = limits.some(({ empty, waitSeconds }) => empty === 'captcha' && waitSeconds > 0);
    const wantsCaptcha = !this.captchas.areOff && (look.standing !== 'good' || isSpent);
    return { ...look, asked, limits, wantsCaptcha };
  }

  private strangerOf({ mobile, address }: SendRequest): Asked {
    const networks = this.networks.of(address);
    const origin = { network: coarseNetwork(address), host: networks.at(-1)! };
    return { does: 'ask', mobile, networks, audience: 'fresh', origin };
  }

  /** @param kept of the messages that are kept for owners, those that are used up. */
  private async recognize(
    stranger: Asked,
    { mobile, deviceToken }: SendRequest,
    kept: Waits,
  ): Promise<Asked> {
    const { origin } = stranger;
    const device = await this.devices.deviceOf(mobile, deviceToken);
    const { isKnown, isHome } = await this.ties.tieOf(mobile, origin.network, device !== null);
    const audience = isKnown && device !== null ? 'device' : isHome ? 'home' : 'fresh';
    const asked = { ...stranger, device, audience } as const;
    const isKeptSpent =
      areAny(kept) && areAny(among(kept, chargesOf(asked, { counts: 'message' })));
    return { ...asked, isKeptSpent };
  }
}

const huntedOf = ({ mobile }: SendRequest): Charges => ({ 'guesses-since-login': mobile });

const keptOf = ({ mobile }: SendRequest): Charges => ({
  'codes-to-owner': mobile,
  'codes-to-home': mobile,
});
