import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { RedactingLogger } from '../common/redacting-logger';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { countryOf, type E164, prefixOf } from '../common/phone-number';
import { Env } from '../config/env';
import { KeyRing } from '../config/key-ring';
import { MetricsService } from '../observability/metrics.service';
import { TANDEM } from '../storage/tandem';
import { NetworkHistoryService } from './network-history.service';
import { SmsConversion } from './sms-conversion.entity';

/** The time over which messages and logins are compared. */
const WINDOW_MINUTES = 60;
/** The time that users get to type a code before it counts as not used. */
const TYPING_MINUTES = 2;
/** Messages within the window from which a share says something. */
const MIN_VOLUME = 20;
/** When people ask for codes, more than this share is used. */
const USUAL_SHARE = 0.5;
/** Below this share it is SMS pumping: nearly all codes were requested by bots. */
const PUMPED_SHARE = 0.2;
/** The share of messages that still goes out while paused, to see whether it got better. */
const PROBE_SHARE = 0.05;
const MINUTE_MS = 60_000;
const PURGE_MS = 10 * MINUTE_MS;

export type Standing = 'good' | 'suspicious' | 'paused';

/**
 * Follows how many of the codes that strangers ask for are used, by the prefix of the numbers. Those who pump messages for their
 * price use none of them: such a prefix is paused until its share recovers, or its messages are out of the window, for
 * networks that have never brought anybody who used a code.
 */
@Injectable()
export class ConversionMonitorService {
  private readonly logger = new RedactingLogger(ConversionMonitorService.name);
  /** The scopes that this node has reported as paused. */
  private reported = new Set<string>();
  private readonly drawKey: Buffer;

  constructor(
    @InjectRepository(SmsConversion, TANDEM)
    private readonly conversions: Repository<SmsConversion>,
    private readonly clock: Clock,
    private readonly env: Env,
    private readonly history: NetworkHistoryService,
    private readonly metrics: MetricsService,
    keys: KeyRing,
    jobs: BackgroundJobsService,
  ) {
    jobs.every('purge of conversion counts', PURGE_MS, () => this.purge());
    this.drawKey = keys.derive('probe');
  }

  /** Whether a stranger may ask for the code of a number; one that only slips through as a probe is `suspicious`. */
  async standingOf(mobile: E164, network: string): Promise<Standing> {
    if (this.env.SMS_CONVERSION_GUARD === 'off') return 'good';
    const measured = await this.measure(mobile);
    const isBlamed = measured === 'paused' && !(await this.history.hasBroughtUsers(network));
    if (isBlamed) this.metrics.smsPaused(countryOf(mobile));
    if (this.env.SMS_CONVERSION_GUARD === 'observe') return 'good';
    if (measured !== 'paused') return measured;
    return isBlamed && !this.isProbe(mobile) ? 'paused' : 'suspicious';
  }

  /** Of a pause: by then people have typed what they got. */
  refusal(): ApiException {
    return new ApiException('SMS_PAUSED', { retryAfter: (TYPING_MINUTES * MINUTE_MS) / 1000 });
  }

  /** Notes that the first message of a challenge went to a number that a stranger asked for. */
  sent(mobile: E164, at: Date): Promise<void> {
    return this.count('sent', mobile, at);
  }

  /** Notes that its code was used. */
  verified(mobile: E164, sentAt: Date): Promise<void> {
    return this.count('verified', mobile, sentAt);
  }

  /** The same for a number all hour: asking again is no second draw. */
  private isProbe(mobile: E164): boolean {
    const hour = Math.floor(this.clock.now() / (60 * MINUTE_MS));
    const draw = createHmac('sha256', this.drawKey).update(`${mobile} ${hour}`).digest();
    return draw.readUInt32BE() < PROBE_SHARE * 2 ** 32;
  }

  private async measure(mobile: E164): Promise<Standing> {
    const now = minuteOf(this.clock.date());
    const scope = prefixOf(mobile);
    const sums = await this.conversions
      .createQueryBuilder()
      .select('SUM(sent)', 'sent')
      .addSelect('SUM(verified)', 'verified')
      .where('scope = :scope', { scope })
      .andWhere('minute BETWEEN :from AND :to', {
        from: now - WINDOW_MINUTES,
        to: now - TYPING_MINUTES - 1,
      })
      .getRawOne<{ sent: unknown; verified: unknown }>();
    const [sent, verified] = [Number(sums?.sent ?? 0), Number(sums?.verified ?? 0)];
    return sent < MIN_VOLUME ? 'good' : this.judge(scope, verified, sent);
  }

  private judge(scope: string, verified: number, sent: number): Standing {
    const share = verified / sent;
    if (share < PUMPED_SHARE) {
      this.report(scope, verified, sent);
      return 'paused';
    }
    this.reported.delete(scope);
    return share < USUAL_SHARE ? 'suspicious' : 'good';
  }

  private report(scope: string, verified: number, sent: number): void {
    if (this.reported.has(scope)) return;
    this.reported.add(scope);
    const isEnforced = this.env.SMS_CONVERSION_GUARD === 'enforce';
    const consequence = isEnforced ? 'paused' : 'would be paused';
    this.logger.error(
      `SMS to fresh numbers of ${spaced(scope)} ${consequence}: ${verified} of ${sent} codes were used`,
    );
  }

  private async count(column: 'sent' | 'verified', mobile: E164, at: Date): Promise<void> {
    const row = { scope: prefixOf(mobile), minute: minuteOf(at) };
    const { affected } = await this.conversions.increment(row, column, 1);
    if (affected === 1) return;
    const first = { ...row, sent: 0, verified: 0 };
    await this.conversions.createQueryBuilder().insert().values(first).orIgnore().execute();
    await this.conversions.increment(row, column, 1);
  }

  private async purge(): Promise<void> {
    this.reported = new Set();
    const minute = LessThan(minuteOf(this.clock.date()) - 2 * WINDOW_MINUTES);
    await this.conversions.delete({ minute });
  }
}

/** The log redacts long numbers as phone numbers. */
const spaced = (scope: string) => scope.replace(/\d{3}(?=\d)/g, '$& ');

const minuteOf = (moment: Date) => Math.floor(moment.getTime() / MINUTE_MS);
