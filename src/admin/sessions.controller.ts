import { Body, Delete, Get, HttpCode, HttpStatus, Query } from '@nestjs/common';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import { parseTime } from '../common/time.decorator';
import { ApiErrors, BODY_ERRORS, malformed } from '../contract/api-errors.decorator';
import { Operation } from '../contract/docs';
import { BulkEndsService, type SessionSelection, type Step } from '../sessions/bulk-ends.service';
import { sessionNetwork } from '../sessions/session-network';
import { AdminController, For } from './admin-controller.decorator';
import {
  CountSessionsQueryDto,
  EndSessionsDto,
  SessionListDto,
  SessionListQueryDto,
  type SessionsQueryDto,
  SessionStepDto,
} from './dto/sessions.dto';
import { CurrentOperator, type Operator } from './operator';
import { SessionListService } from './session-list.service';

/** By how much the clock of whoever says “now” may be fast. */
const FAST_CLOCK_MS = 60_000;
const MALFORMED = malformed('opened_before must not be in the future');

/** The sessions of everybody, for incidents. */
@AdminController('sessions')
export class AdminSessionsController {
  constructor(
    private readonly bulk: BulkEndsService,
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    private readonly list: SessionListService,
  ) {}

  @Operation('Sessions, the newest first.', 200, SessionListDto)
  @Get()
  @For('support')
  @ApiErrors(MALFORMED)
  read(@Query() { live, after, ...query }: SessionListQueryDto): Promise<SessionListDto> {
    return this.list.page({ ...this.selectionOf(query), isLive: live !== undefined }, after);
  }

  @Operation(
    'How many sessions live that `DELETE /admin/sessions` would end, step by step: the sum of all is the answer.',
    200,
    SessionStepDto,
  )
  @Get('count')
  @For('admin')
  @ApiErrors(MALFORMED)
  count(
    @Query() { after, ...query }: CountSessionsQueryDto,
    @CurrentOperator() { sessionId }: Operator,
  ): Promise<Step> {
    return this.bulk.countStep({ ...this.selectionOf(query), exceptId: sessionId }, after);
  }

  @Operation(
    'Ends the live sessions that meet all conditions, but for that of the caller. Devices stay known. A step ends 2,000 at most: go on with `next`.',
    200,
    SessionStepDto,
  )
  @Delete()
  @HttpCode(HttpStatus.OK)
  @For('admin', 'recently proved')
  @ApiErrors(...BODY_ERRORS)
  async end(
    @Body() { all = false, after, reason, ...conditions }: EndSessionsDto,
    @CurrentOperator() { actor, origin, sessionId }: Operator,
  ): Promise<Step> {
    const { network, opened_before } = conditions;
    if (all === Boolean(network ?? opened_before)) {
      throw malformed('either network or opened_before must be given, or all');
    }
    const selection = { ...this.selectionOf(conditions), exceptId: sessionId };
    if (!after) {
      const detail = { network, opened_before };
      await this.changes.record({ action: 'sessions.revoked', actor, origin, reason, detail });
    }
    return this.bulk.endStep(selection, { actor, origin, reason: 'revoked' }, after);
  }

  /** @throws ApiException `VALIDATION_FAILED`. */
  private selectionOf({ network: text, opened_before: time }: SessionsQueryDto): SessionSelection {
    const network = text === undefined ? undefined : sessionNetwork(text);
    if (typeof network === 'string') throw malformed(`network ${network}`);
    const openedBefore = time === undefined ? undefined : parseTime(time);
    if (openedBefore && openedBefore.getTime() > this.clock.now() + FAST_CLOCK_MS) {
      throw malformed('opened_before must not be in the future');
    }
    return { network, openedBefore };
  }
}
