import { Get, Query, UseGuards } from '@nestjs/common';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, malformed } from '../contract/api-errors.decorator';
import { ApiBasicAuth, ApiTags, Operation } from '../contract/docs';
import { EventComposerService } from '../events/event-composer.service';
import { EventFeedService } from '../events/event-feed.service';
import { EventsDto, EventsQueryDto } from './dto/events.dto';
import { Public } from './public.decorator';
import { NeedsScope, ServiceClientGuard } from './service-client.guard';

const DEFAULT_LIMIT = '100';

/** For other services with the scope `events`. */
@ApiTags('services')
@ApiBasicAuth('service-client')
@ApiErrors('INVALID_CLIENT', 'FORBIDDEN', 'UNAVAILABLE')
@Public()
@NeedsScope('events')
@UseGuards(ServiceClientGuard)
@ApiController('events')
export class EventsController {
  constructor(
    private readonly composer: EventComposerService,
    private readonly feed: EventFeedService,
  ) {}

  @Operation(
    'What happened, in one order without gaps: a reader that keeps the cursor gets every event at least once.',
    200,
    EventsDto,
  )
  @Get()
  @ApiErrors(malformed('after must be a cursor of an earlier answer'))
  async read(@Query() { after = '0', limit = DEFAULT_LIMIT }: EventsQueryDto): Promise<EventsDto> {
    const most = Number(limit);
    const found = await this.feed.readAfter(after, most + 1);
    const page = found.slice(0, most);
    const bodies = await this.composer.compose(page.map(({ id }) => id));
    const isNext = BigInt(page[0]?.position ?? 0) === BigInt(after) + 1n;
    return {
      events: page.flatMap(({ id, position }) => {
        const body = bodies.get(id);
        return body ? [{ ...body, timestamp: new Date(body.timestamp), position }] : [];
      }),
      cursor: page.at(-1)?.position ?? after,
      has_more: found.length > most,
      missed: BigInt(after) > 0n && page.length > 0 && !isNext,
    };
  }
}
