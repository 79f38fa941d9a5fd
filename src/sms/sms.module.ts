import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { Env } from '../config/env';
import { TANDEM } from '../storage/tandem';
import { MessageComposer } from './composer/message-composer';
import { ConversionMonitorService } from './conversion-monitor.service';
import { NetworkHistoryService } from './network-history.service';
import { NetworkSharesService } from './network-shares.service';
import { PricesService } from './prices.service';
import { loadProviders } from './providers/load-providers';
import { SmsBudgetService } from './sms-budget.service';
import { SmsConversion } from './sms-conversion.entity';
import { SmsDeliveriesService } from './sms-deliveries.service';
import { SmsDelivery } from './sms-delivery.entity';
import { SmsFlow } from './sms-flow.entity';
import { SmsFlowsService } from './sms-flows.service';
import { SMS_PROVIDERS, SmsSenderService } from './sms-sender.service';
import { SmsSpend } from './sms-spend.entity';
import { SmsSpendService } from './sms-spend.service';

@Module({
  imports: [
    BackgroundJobsModule,
    TypeOrmModule.forFeature([SmsConversion, SmsDelivery, SmsFlow, SmsSpend], TANDEM),
  ],
  providers: [
    ConversionMonitorService,
    MessageComposer,
    NetworkHistoryService,
    NetworkSharesService,
    SmsBudgetService,
    SmsDeliveriesService,
    SmsFlowsService,
    SmsSenderService,
    SmsSpendService,
    { provide: PricesService, inject: [Env], useFactory: (env: Env) => PricesService.load(env) },
    { provide: SMS_PROVIDERS, inject: [Env], useFactory: loadProviders },
  ],
  exports: [
    ConversionMonitorService,
    MessageComposer,
    SmsBudgetService,
    SmsDeliveriesService,
    SmsSenderService,
  ],
})
export class SmsModule {}
