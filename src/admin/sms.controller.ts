import { Delete, Get, HttpCode, HttpStatus, Param, Query } from '@nestjs/common';
import { ApiErrors, malformed } from '../contract/api-errors.decorator';
import { Operation } from '../contract/docs';
import { AdminController, For } from './admin-controller.decorator';
import {
  DeliveriesDto,
  DeliveriesQueryDto,
  PauseDto,
  RouteDto,
  SpendDto,
  SpendQueryDto,
} from './dto/sms.dto';
import { CurrentOperator, type Operator } from './operator';
import { DeliveriesService } from './deliveries.service';
import { PausesService } from './pauses.service';
import { RouteReportService } from './route-report.service';
import { SmsReportService } from './sms-report.service';

@AdminController('sms')
export class AdminSmsController {
  constructor(
    private readonly messages: DeliveriesService,
    private readonly pauses: PausesService,
    private readonly reports: SmsReportService,
    private readonly routes: RouteReportService,
  ) {}

  @Operation('Messages, the newest first.', 200, DeliveriesDto)
  @Get('deliveries')
  @For('viewer')
  @ApiErrors(malformed('after must be the id of a row'), 'NOT_FOUND')
  deliveries(@Query() query: DeliveriesQueryDto): Promise<DeliveriesDto> {
    return this.messages.page(query);
  }

  @Operation('What messages cost, by day, country and provider.', 200, [SpendDto])
  @Get('spend')
  @For('viewer')
  @ApiErrors(malformed('from must be a day, YYYY-MM-DD'))
  spend(@Query() { from, to }: SpendQueryDto): Promise<SpendDto[]> {
    return this.reports.spend(from, to);
  }

  @Operation('In which order the providers of each country are tried now, and why.', 200, [
    RouteDto,
  ])
  @Get('routes')
  @For('viewer')
  listRoutes(): RouteDto[] {
    return this.routes.list();
  }

  @Operation('What is paused: by operators, and by the monitor of unused codes.', 200, [PauseDto])
  @Get('pauses')
  @For('viewer')
  listPauses(): Promise<PauseDto[]> {
    return this.pauses.list();
  }

  @Operation('Ends a pause. The monitor counts the codes of the prefix anew.', 204)
  @Delete('pauses/:scope')
  @HttpCode(HttpStatus.NO_CONTENT)
  @For('support')
  @ApiErrors('NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'REQUEST_REFUSED')
  liftPause(@Param('scope') scope: string, @CurrentOperator() operator: Operator): Promise<void> {
    return this.pauses.lift(scope, operator);
  }
}
