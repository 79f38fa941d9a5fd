import { Get, Query } from '@nestjs/common';
import { ApiErrors, malformed } from '../../contract/api-errors.decorator';
import { Operation } from '../../contract/docs';
import { AdminController, For } from '../admin-controller.decorator';
import { OverviewDto, OverviewQueryDto } from '../dto/overview.dto';
import { OverviewService } from './overview.service';

@AdminController('overview')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  @Operation(
    'How the service does: what was done in a range, and how things stand now.',
    200,
    OverviewDto,
  )
  @Get()
  @For('viewer')
  @ApiErrors(malformed('range must be one of 1h, 24h, 30d'))
  read(@Query() { range }: OverviewQueryDto): Promise<OverviewDto> {
    return this.overview.of(range);
  }
}
