import { Body, Delete, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import { parseTime } from '../common/time.decorator';
import { ApiErrors, BODY_ERRORS, malformed } from '../contract/api-errors.decorator';
import { Operation } from '../contract/docs';
import { shownAttempt, shownEndpoint } from '../webhooks/shown-endpoint';
import { WebhookEndpointsService } from '../webhooks/webhook-endpoints.service';
import { type Replayed, WebhookReplaysService } from '../webhooks/webhook-replays.service';
import { AdminController, For } from './admin-controller.decorator';
import {
  AddedWebhookDto,
  AttemptsQueryDto,
  NewWebhookDto,
  ReplayDto,
  ReplayedDto,
  TestedDto,
  WebhookAttemptsDto,
  WebhookDto,
} from './dto/webhooks.dto';
import { assertId } from './id';
import { CurrentOperator, type Operator } from './operator';

const PAGE = 100;
/** Of every route that names an endpoint. */
const NAMED = ['NOT_FOUND', 'REQUEST_REFUSED'] as const;

/** Who is told of events. What is done here is audited. */
@AdminController('webhooks')
export class WebhooksController {
  constructor(
    private readonly endpoints: WebhookEndpointsService,
    private readonly replays: WebhookReplaysService,
  ) {}

  @Operation('The endpoints.', 200, [WebhookDto])
  @Get()
  @For('admin')
  async list(): Promise<WebhookDto[]> {
    return (await this.endpoints.list()).map(shownEndpoint);
  }

  @Operation('Adds an endpoint, which is told of what happens from now on.', 201, AddedWebhookDto)
  @Post()
  @For('admin', 'recently proved')
  @ApiErrors(...BODY_ERRORS)
  async add(
    @Body() { url, events }: NewWebhookDto,
    @CurrentOperator() operator: Operator,
  ): Promise<AddedWebhookDto> {
    const { endpoint, secret } = await this.endpoints.add({ url, events }, operator);
    return { ...shownEndpoint(endpoint), secret };
  }

  @Operation('Removes an endpoint, and forgets what it was not told of.', 204)
  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @For('admin', 'recently proved')
  @ApiErrors(...NAMED, 'PAYLOAD_TOO_LARGE')
  async remove(@Param('id') id: string, @CurrentOperator() operator: Operator): Promise<void> {
    assertId(id);
    await this.endpoints.remove(id, operator);
  }

  @Operation('The attempts to tell an endpoint, the newest first.', 200, WebhookAttemptsDto)
  @Get(':id/attempts')
  @For('admin')
  @ApiErrors(...NAMED, malformed('after must be the id of an attempt'))
  async attempts(
    @Param('id') id: string,
    @Query() { after }: AttemptsQueryDto,
  ): Promise<WebhookAttemptsDto> {
    assertId(id);
    const attempts = await this.replays.attemptsOf(id, PAGE + 1, after);
    const has_more = attempts.length > PAGE;
    return { attempts: attempts.slice(0, PAGE).map(shownAttempt), has_more };
  }

  @Operation(
    'Tells an endpoint once more, under the same ids: of one event, or of those of a time that it wants.',
    202,
    ReplayedDto,
  )
  @Post(':id/replay')
  @HttpCode(HttpStatus.ACCEPTED)
  @For('admin', 'recently proved')
  @ApiErrors(...NAMED, ...BODY_ERRORS)
  async replay(
    @Param('id') id: string,
    @Body() body: ReplayDto,
    @CurrentOperator() operator: Operator,
  ): Promise<ReplayedDto> {
    assertId(id);
    return this.replays.replay(id, replayed(body), operator);
  }

  @Operation('Sends an event of the type `webhook.test` now.', 200, TestedDto)
  @Post(':id/test')
  @HttpCode(HttpStatus.OK)
  @For('admin', 'recently proved')
  @ApiErrors(...NAMED, 'PAYLOAD_TOO_LARGE')
  async test(@Param('id') id: string, @CurrentOperator() operator: Operator): Promise<TestedDto> {
    assertId(id);
    const { status, failure, milliseconds } = await this.replays.test(id, operator);
    return { status: status ?? null, failure: failure ?? null, milliseconds };
  }
}

function replayed({ event, since, until }: ReplayDto): Replayed {
  if (event && !since && !until) return { event };
  if (!since || event) throw malformed('event or since must be given, and not both');
  return { since: parseTime(since)!, until: until ? parseTime(until) : undefined };
}
