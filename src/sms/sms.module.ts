import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { Env } from '../config/env';
import { TANDEM } from '../storage/tandem';
import { MessageComposer } from './composer/message-composer';
import { NoticeComposer } from './composer/notice-composer';
import { AccountPacesService } from './account-paces.service';
import { ConversionMonitorService } from './conversion-monitor.service';
import { MonitorPausesService } from './monitor-pauses.service';
import { NetworkHistoryService } from './network-history.service';
import { NetworkSharesService } from './network-shares.service';
import { PricesService } from './prices.service';
import { loadProviders } from './providers/load-providers';
import { SmsBudgetService } from './sms-budget.service';
import { SmsSharesService } from './sms-shares.service';
import { SmsConversion } from './sms-conversion.entity';
import { SmsDeliveriesService } from './sms-deliveries.service';
import { SmsDelivery } from './sms-delivery.entity';
import { ReceiptMetricsService } from './receipts/receipt-metrics.service';
import { ReceiptDeskService } from './receipts/receipt-desk.service';
import { SmsReceiptsService } from './receipts/sms-receipts.service';
import { SmsFlow } from './sms-flow.entity';
import { SmsFlowsService } from './sms-flows.service';
import { SmsRoutesService } from './sms-routes.service';
import { SMS_PROVIDERS, SmsSenderService } from './sms-sender.service';
import { SmsSpend } from './sms-spend.entity';
import { SmsSpendAlertsService } from './sms-spend-alerts.service';
import { SmsSpendService } from './sms-spend.service';
import { UsedCodesService } from './used-codes.service';

@Module({
  imports: [
    AuditModule,
    BackgroundJobsModule,
    TypeOrmModule.forFeature([SmsConversion, SmsDelivery, SmsFlow, SmsSpend], TANDEM),
  ],
  providers: [
    AccountPacesService,
    ConversionMonitorService,
    MessageComposer,
    MonitorPausesService,
    NoticeComposer,
    NetworkHistoryService,
    NetworkSharesService,
    ReceiptDeskService,
    ReceiptMetricsService,
    SmsBudgetService,
    SmsSharesService,
    SmsDeliveriesService,
    SmsFlowsService,
    SmsReceiptsService,
    SmsRoutesService,
    SmsSenderService,
    SmsSpendAlertsService,
    SmsSpendService,
    UsedCodesService,
    { provide: PricesService, inject: [Env], useFactory: (env: Env) => PricesService.load(env) },
    { provide: SMS_PROVIDERS, inject: [Env], useFactory: loadProviders },
  ],
  exports: [
    ConversionMonitorService,
    MessageComposer,
    MonitorPausesService,
    NoticeComposer,
    ReceiptDeskService,
    ReceiptMetricsService,
    NetworkHistoryService,
    SmsBudgetService,
    SmsRoutesService,
    SmsSenderService,
    UsedCodesService,
  ],
})
export class SmsModule {}
