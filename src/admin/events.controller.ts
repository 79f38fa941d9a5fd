import { Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ApiErrors, limited, malformed } from '../contract/api-errors.decorator';
import { ApiOkResponse, Operation } from '../contract/docs';
import { WithConfig } from '../contract/route-config';
import { AdminController, For } from './admin-controller.decorator';
import { EventStreamQueryDto } from './dto/events.dto';
import { EventStreamsService } from './event-streams.service';
import { CurrentOperator, type Operator } from './operator';

const NDJSON = 'application/x-ndjson';

@AdminController('events')
export class AdminEventsController {
  constructor(private readonly streams: EventStreamsService) {}

  @Operation(
    'What happens, while it does: a line of JSON for each event, as `GET /events` has it, and an empty one at least every 15 s. The stream ends by itself; the client goes on with `after`.',
  )
  @Get()
  @For('viewer')
  @ApiErrors(malformed('after must be the position of an event'), limited('account', 'streams'))
  @ApiOkResponse({ description: '', content: { [NDJSON]: { schema: { type: 'string' } } } })
  @Header('content-type', `${NDJSON}; charset=utf-8`)
  @Header('cache-control', 'no-store, no-transform')
  @Header('x-accel-buffering', 'no')
  @WithConfig({ isStream: true })
  async follow(
    @Query() { after, wait }: EventStreamQueryDto,
    @CurrentOperator() operator: Operator,
  ): Promise<StreamableFile> {
    const stream = await this.streams.open(operator, { after, seconds: Number(wait) });
    return new StreamableFile(stream).setErrorLogger(() => undefined);
  }
}
