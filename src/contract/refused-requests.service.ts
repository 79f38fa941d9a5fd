import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { ApiException, ErrorCode, LimitKind } from '../common/errors';
import { growingCache } from '../common/growing-cache';
import type { RefusalReason } from '../common/refusal-reasons';
import type { HttpRequest } from './request';
import { requestIdOf } from './request-id';
import { knownSubjectOf, type Subject } from './request-subject';

/** That are remembered: some megabytes. */
const MOST = 10_000;

export interface RefusedRequest {
  readonly requestId: string;
  readonly at: Date;
  readonly errorCode: ErrorCode;
  readonly reason?: RefusalReason;
  readonly limit?: LimitKind;
  /** The client address. */
  readonly address: string;
  readonly subject: Subject;
}

/** The requests that this process has refused last, for operators who ask about one of them. Kept in memory alone. */
@Injectable()
export class RefusedRequestsService {
  private readonly refused = growingCache<string, RefusedRequest>(MOST);

  constructor(private readonly clock: Clock) {}

  note(request: HttpRequest, { errorCode, reason, limit }: ApiException): void {
    const [requestId, at] = [requestIdOf(request), this.clock.date()];
    const subject = { ...(request.user as Subject | undefined), ...knownSubjectOf(request) };
    const address = request.ip ?? '';
    this.refused.set(requestId, { requestId, at, errorCode, reason, limit, address, subject });
  }

  find(requestId: string): RefusedRequest | undefined {
    return this.refused.peek(requestId);
  }

  /** Those about a number or a user, the newest first. */
  about({ mobile, userId }: Subject): RefusedRequest[] {
    const isAbout = ({ subject }: RefusedRequest) =>
      (mobile !== undefined && subject.mobile === mobile) ||
      (userId !== undefined && subject.userId === userId);
    return [...this.refused.values()].filter(isAbout);
  }
}
