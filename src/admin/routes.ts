import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditEvent } from '../audit/audit-event.entity';
import { AuditModule } from '../audit/audit.module';
import { AuditReadingModule } from '../audit/audit-reading.module';
import { BlocksService } from '../codes/blocks/blocks.service';
import { CodesModule } from '../codes/codes.module';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { EventsModule } from '../events/events.module';
import { Session } from '../sessions/session.entity';
import { SessionsModule } from '../sessions/sessions.module';
import { MonitorPausesService } from '../sms/monitor-pauses.service';
import { SmsDelivery } from '../sms/sms-delivery.entity';
import { SmsModule } from '../sms/sms.module';
import { TANDEM } from '../storage/tandem';
import { UsersModule } from '../users/users.module';
import { WebhooksModule } from '../webhooks/webhooks.module';
import { AuditReaderService } from './audit-reader.service';
import { AdminAuditController } from './audit.controller';
import { BlocksController } from './blocks.controller';
import { ConfigurationChangesService } from './configuration-changes.service';
import { ConfigurationController } from './configuration.controller';
import { DeliveriesService } from './deliveries.service';
import { EventStreamsService } from './event-streams.service';
import { AdminEventsController } from './events.controller';
import { CountedHoursService } from './hourly/counted-hours.service';
import { HourlyCountsService } from './hourly/hourly-counts.service';
import { AdminOperatorsController } from './operators.controller';
import { ActivityCountsService } from './overview/activity-counts.service';
import { AlertsService } from './overview/alerts.service';
import { BudgetsService } from './overview/budgets.service';
import { NodesReportService } from './overview/nodes-report.service';
import { OverviewController } from './overview/overview.controller';
import { OverviewService } from './overview/overview.service';
import { RefusalCountsService } from './overview/refusal-counts.service';
import { AdminLimitsController } from './limits.controller';
import { NumberLimitsService } from './number-limits.service';
import { DiagnosisController } from './diagnosis/diagnosis.controller';
import { DiagnosisModule } from './diagnosis/diagnosis.module';
import { NumbersController } from './numbers.controller';
import { OperatorsModule } from './operators.module';
import { PausesService } from './pauses.service';
import { RouteReportService } from './route-report.service';
import { SearchController } from './search.controller';
import { SearchService } from './search.service';
import { AdminSessionsController } from './sessions.controller';
import { SessionListService } from './session-list.service';
import { AdminSmsController } from './sms.controller';
import { SmsReportService } from './sms-report.service';
import { TargetRefsService } from './target-refs.service';
import { UserViewService } from './user-view.service';
import { AdminUsersController } from './users.controller';
import { WebhooksController } from './webhooks.controller';

/** `/admin`, with a controller for each topic. */
@Module({
  imports: [
    AuditModule,
    AuditReadingModule,
    BackgroundJobsModule,
    CodesModule,
    DiagnosisModule,
    EventsModule,
    OperatorsModule,
    SessionsModule,
    SmsModule,
    TypeOrmModule.forFeature([AuditEvent, Session, SmsDelivery], TANDEM),
    UsersModule,
    WebhooksModule,
  ],
  controllers: [
    AdminAuditController,
    AdminEventsController,
    AdminLimitsController,
    AdminOperatorsController,
    AdminSessionsController,
    AdminSmsController,
    AdminUsersController,
    BlocksController,
    ConfigurationController,
    DiagnosisController,
    OverviewController,
    NumbersController,
    SearchController,
    WebhooksController,
  ],
  providers: [
    ActivityCountsService,
    AlertsService,
    AuditReaderService,
    BlocksService,
    BudgetsService,
    ConfigurationChangesService,
    CountedHoursService,
    DeliveriesService,
    EventStreamsService,
    HourlyCountsService,
    MonitorPausesService,
    NodesReportService,
    NumberLimitsService,
    OverviewService,
    PausesService,
    RefusalCountsService,
    RouteReportService,
    SearchService,
    SessionListService,
    SmsReportService,
    TargetRefsService,
    UserViewService,
  ],
})
export class AdminRoutes {}
