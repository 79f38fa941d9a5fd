import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { NumberRefsService } from '../audit/number-refs.service';
import { BlockGuardService } from '../codes/blocks/block-guard.service';
import { LimiterService } from '../codes/limiter.service';
import { TestNumbersService } from '../codes/test-numbers.service';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import type { NoticeKind } from '../common/notice-kinds';
import { countryOf, type E164 } from '../common/phone-number';
import { RedactingLogger } from '../common/redacting-logger';
import { Env } from '../config/env';
import { LeasedJobsService } from '../events/leased-jobs.service';
import { MetricsService } from '../observability/metrics.service';
import { orWarn } from '../observability/or-warn';
import { NoticeComposer } from '../sms/composer/notice-composer';
import { NotSentException } from '../sms/not-sent';
import { isOwnNumber } from '../sms/own-numbers';
import { SmsSenderService } from '../sms/sms-sender.service';
import { change, nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';

const INTERVAL_MS = 1000;
/** Sent at once in one round. */
const BATCH = 20;
/** Until a message is tried again that could not be sent, or whose node died with it. */
const RETRY_MS = 60_000;
/** Later it would alarm people who know already. */
const TRIED_MS = 3_600_000;

interface Due {
  readonly id: Integer;
  readonly kind: NoticeKind;
  readonly at: Integer;
  readonly message_due_at: Integer;
  readonly number_ref: string | null;
  readonly mobile: E164 | null;
  readonly locale: string | null;
}

/** What became of a message: `later` may still be sent. */
type Outcome = 'sent' | 'refused' | 'limited' | 'later';

/** Sends the messages of security notices once what they tell of is committed, where `SECURITY_SMS=on`. */
@Injectable()
export class NoticeMessagesService {
  private readonly logger = new RedactingLogger(NoticeMessagesService.name);
  private readonly notices: Sql;

  constructor(
    private readonly blocks: BlockGuardService,
    private readonly clock: Clock,
    private readonly composer: NoticeComposer,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly limiter: LimiterService,
    private readonly metrics: MetricsService,
    private readonly numbers: NumberRefsService,
    private readonly sms: SmsSenderService,
    private readonly testNumbers: TestNumbersService,
    jobs: LeasedJobsService,
  ) {
    this.notices = nameIn(dataSource, 'security_notices');
    if (env.SECURITY_SMS) jobs.every('security messages', INTERVAL_MS, () => this.sendDue());
  }

  async sendDue(): Promise<void> {
    const due = await this.findDue();
    await Promise.all(
      due.map((one) =>
        orWarn(this.logger, 'Security message could not be sent', () => this.attempt(one)),
      ),
    );
  }

  private findDue(): Promise<Due[]> {
    const [users, profiles] = [
      nameIn(this.dataSource, 'users'),
      nameIn(this.dataSource, 'user_profiles'),
    ];
    return select(
      this.dataSource,
      rowsOf<Due>(sql`SELECT n.id, n.kind, n.at, n.message_due_at, n.number_ref, u.mobile, p.locale
        FROM ${this.notices} n LEFT JOIN ${users} u ON u.id = n.user_id
        LEFT JOIN ${profiles} p ON p.id = n.user_id
        WHERE n.message_due_at <= ${this.clock.now()} ORDER BY n.message_due_at LIMIT ${BATCH}`),
    );
  }

  private async attempt(due: Due): Promise<void> {
    if (!(await this.claim(due))) return;
    const to = due.number_ref === null ? due.mobile : this.numbers.read(due.number_ref);
    const outcome = to && this.mayReach(to) ? await this.send(due, to) : 'refused';
    const isLate = Number(due.at) + TRIED_MS < this.clock.now();
    if (outcome === 'later' && !isLate) return;
    this.metrics.noticeSent(outcome === 'later' ? 'failed' : outcome);
    await change(
      this.dataSource,
      sql`UPDATE ${this.notices} SET message_due_at = NULL WHERE id = ${String(due.id)}`,
    );
  }

  /** Also a node that has lost the lease meanwhile sends none twice. */
  private async claim({ id, message_due_at: dueAt }: Due): Promise<boolean> {
    const claimed = await change(
      this.dataSource,
      sql`UPDATE ${this.notices} SET message_due_at = ${this.clock.now() + RETRY_MS}
        WHERE id = ${String(id)} AND message_due_at = ${String(dueAt)}`,
    );
    return claimed === 1;
  }

  private mayReach(mobile: E164): boolean {
    const { SMS_COUNTRIES: served } = this.env;
    const isServed = served.includes('*') || served.includes(countryOf(mobile));
    const isTest = this.testNumbers.has(mobile);
    return isServed && !isTest && !isOwnNumber(mobile, this.env) && this.blocks.isFree(mobile);
  }

  private async send({ id, kind, locale }: Due, to: E164): Promise<Outcome> {
    if (this.blocks.isPaused(to)) return 'later';
    const refund = await this.limiter.takeIfLeft({ 'notices-per-number': to });
    if (!refund) return 'limited';
    const message = this.composer.compose(kind, { mobile: to, locale: locale ?? undefined });
    try {
      await this.sms.send({
        message: { to, notice: kind, ...message },
        challengeId: `notice ${id}`,
        audience: 'notice',
        network: '',
        host: '',
        isBeyondShare: false,
        isResend: false,
      });
      return 'sent';
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome === 'later') await refund();
      return outcome;
    }
  }
}

/** One that may have been sent is not sent again. */
function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ApiException)) throw error;
  if (!(error instanceof NotSentException)) return 'later';
  if (error.reason === 'unknown') return 'sent';
  return ['refused', 'rejected'].includes(error.reason) ? 'refused' : 'later';
}
