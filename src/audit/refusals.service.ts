import { Injectable } from '@nestjs/common';
import { BackgroundJobsService } from '../common/background-jobs.service';
import { Clock } from '../common/clock';
import { ApiException, type ErrorCode } from '../common/errors';
import { coarseNetwork } from '../common/networks';
import type { E164 } from '../common/phone-number';
import type { Caller } from '../contract/caller.decorator';
import { ANONYMOUS, type Change } from './change';
import { ChangesService } from './changes.service';
import { FailedLoginsService } from './failed-logins.service';
import { RefusalSamples } from './refusal-samples';

const FLUSH_MS = 1000;
/** Rows that one flush writes at most, and that wait for it. */
const MAX_ROWS = 500;

/** What says nothing about who asked: outages and mistakes in the form of a request. */
const UNTOLD: ReadonlySet<ErrorCode> = new Set(['UNAVAILABLE', 'INTERNAL', 'VALIDATION_FAILED']);

/** What somebody tries. */
export interface Attempt {
  readonly action: 'code.refused' | 'login.refused' | 'refresh.refused' | 'credential.refused';
  readonly caller: Caller;
  readonly mobile?: E164;
  readonly method?: 'code' | 'password';
  /** Known with the attempt, or found on the way. */
  userId?: string;
  readonly sessionId?: string;
}

/**
 * Writes into the audit what was refused, behind the answer: a batch a second, and no more than {@link MAX_ROWS} however many
 * there are, so that a flood neither slows an answer nor fills a disk. What is left out of it is counted in it.
 */
@Injectable()
export class RefusalsService {
  private waiting: Change[] = [];
  private readonly samples: RefusalSamples;

  constructor(
    private readonly changes: ChangesService,
    clock: Clock,
    private readonly failedLogins: FailedLoginsService,
    jobs: BackgroundJobsService,
  ) {
    this.samples = new RefusalSamples(() => clock.now());
    jobs.every('audit of refusals', FLUSH_MS, () => this.flush(), { runsAtShutdown: true });
  }

  /** Lets `work` fail as it does, and notes it. */
  async watch<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ApiException && !UNTOLD.has(error.errorCode)) this.note(attempt, error);
      throw error;
    }
  }

  async flush(): Promise<void> {
    this.waiting.push(...this.samples.countsOfLastMinute().map(countedChange));
    const [first, ...others] = this.waiting.slice(0, MAX_ROWS);
    if (first) {
      await this.changes.record(first, ...others);
      this.waiting = this.waiting.slice(others.length + 1);
    }
    await this.failedLogins.flush();
  }

  private note(attempt: Attempt, { errorCode, limit, reason: why }: ApiException): void {
    const { action, caller, mobile, method, userId, sessionId } = attempt;
    const network = coarseNetwork(caller.address);
    if (action === 'login.refused') this.failedLogins.note(attempt, errorCode);
    const kind = { action, reason: errorCode, network };
    const hasRoom = this.waiting.length < MAX_ROWS;
    if (!this.samples.take(kind, mobile ?? userId, hasRoom)) return;
    this.waiting.push({
      action,
      actor: ANONYMOUS,
      userId,
      sessionId,
      reason: errorCode,
      detail: method || limit || why ? { method, limit, why } : undefined,
      origin: { network, requestId: caller.requestId },
      mobile: userId ? undefined : mobile,
    });
  }
}

function countedChange(counted: ReturnType<RefusalSamples['countsOfLastMinute']>[number]): Change {
  const { action, reason, network, count, since } = counted;
  const detail = { count, since: new Date(since).toISOString() };
  const origin = network === undefined ? undefined : { network };
  return { action, actor: ANONYMOUS, reason, detail, origin };
}
