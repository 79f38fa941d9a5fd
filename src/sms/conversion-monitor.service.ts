import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, LessThan, Repository } from 'typeorm';
import { RedactingLogger } from '../common/redacting-logger';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { countryOf, type E164, prefixOf } from '../common/phone-number';
import { Env } from '../config/env';
import { KeyRing } from '../config/key-ring';
import { MetricsService } from '../observability/metrics.service';
import { change, insertionOr, lookUp, nameIn, rowsOf } from '../storage/queries';
import { type Integer, raw, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { NetworkHistoryService, type Origin } from './network-history.service';
import { SmsConversion } from './sms-conversion.entity';

/** The time over which messages and logins are compared. */
export const WINDOW_MINUTES = 60;
/** The time that users get to type a code before it counts as not used. */
export const TYPING_MINUTES = 2;
/** Messages within the window from which a share says something. */
export const MIN_VOLUME = 20;
/** When people ask for codes, more than this share is used. */
const USUAL_SHARE = 0.5;
/** Below this share it is SMS pumping: nearly all codes were requested by bots. */
export const PUMPED_SHARE = 0.2;
/** The share of messages that still goes out while paused, to see whether it got better. */
const PROBE_SHARE = 0.05;
const MINUTE_MS = 60_000;
const PURGE_MS = 10 * MINUTE_MS;

/** Null where there are none. */
interface Sums {
  sent: Integer | null;
  verified: Integer | null;
}

/**
 * Of a stranger's request: `suspicious` ones solve a captcha, `crowded` ones as well, and few go out for one address, since
 * the networks around it have left too many codes unused, but are those of many people.
 */
export type Standing = 'good' | 'suspicious' | 'crowded' | 'paused';

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
  private readonly table: Sql;

  constructor(
    @InjectRepository(SmsConversion, TANDEM)
    private readonly conversions: Repository<SmsConversion>,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly history: NetworkHistoryService,
    private readonly metrics: MetricsService,
    keys: KeyRing,
    jobs: BackgroundJobsService,
  ) {
    jobs.every('purge of conversion counts', PURGE_MS, () => this.purge());
    this.drawKey = keys.derive('probe');
    this.table = nameIn(dataSource, 'sms_conversions');
  }

  /** Whether a stranger may ask for the code of a number; one that only slips through as a probe is `suspicious`. */
  async standingOf(mobile: E164, origin: Origin): Promise<Standing> {
    const { standing, isBlamed } = await this.weigh(mobile, origin);
    if (isBlamed) this.metrics.smsPaused(countryOf(mobile));
    return standing;
  }

  /** The same for who only wants to know. */
  async explain(mobile: E164, origin: Origin): Promise<Standing> {
    return (await this.weigh(mobile, origin)).standing;
  }

  private async weigh(
    mobile: E164,
    origin: Origin,
  ): Promise<{ standing: Standing; isBlamed: boolean }> {
    const guard = this.env.SMS_CONVERSION_GUARD;
    if (guard === 'off') return { standing: 'good', isBlamed: false };
    const measured = await this.measure(mobile);
    const isBlamed = measured === 'paused' && !(await this.bringsUsers(origin));
    if (guard === 'observe') return { standing: 'good', isBlamed };
    if (measured !== 'paused') return { standing: measured, isBlamed };
    if (!isBlamed) return { standing: 'crowded', isBlamed };
    return { standing: this.isProbe(mobile) ? 'suspicious' : 'paused', isBlamed };
  }

  /** Whether too few codes are used of numbers like this one, whoever asks. */
  async isDoubtful(mobile: E164): Promise<boolean> {
    if (this.env.SMS_CONVERSION_GUARD !== 'enforce') return false;
    return (await this.measure(mobile)) !== 'good';
  }

  /** Of a pause: by then people have typed what they got. */
  refusal(): ApiException {
    return new ApiException('SMS_PAUSED', {
      reason: 'pumped',
      retryAfter: (TYPING_MINUTES * MINUTE_MS) / 1000,
    });
  }

  /** The statement that notes that the first message of a challenge went to a number that a stranger asked for. */
  sent(mobile: E164, at: Date): Sql {
    return this.count('sent', mobile, at);
  }

  /** Notes that its code was used. */
  async verified(mobile: E164, sentAt: Date): Promise<void> {
    await change(this.dataSource, this.count('verified', mobile, sentAt));
  }

  private async bringsUsers(origin: Origin): Promise<boolean> {
    if (await this.history.hasBroughtUsers(origin.network)) return true;
    return (await this.history.areOfMany(origin)).host;
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
    const [sums] = await lookUp(
      this.dataSource,
      rowsOf<Sums>(sql`SELECT SUM(sent) AS sent, SUM(verified) AS verified FROM ${this.table}
        WHERE scope = ${scope} AND minute BETWEEN ${now - WINDOW_MINUTES} AND ${now - TYPING_MINUTES - 1}`),
    );
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

  private count(column: 'sent' | 'verified', mobile: E164, at: Date): Sql {
    const first = {
      scope: prefixOf(mobile),
      minute: minuteOf(at),
      sent: 0,
      verified: 0,
      [column]: 1,
    };
    const add = raw(`${column} = ${column} + 1`);
    return insertionOr(this.dataSource, this.table, first, add);
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
