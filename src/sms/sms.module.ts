import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { Env } from '../config/env';
import { TANDEM } from '../storage/tandem';
import { MessageComposer } from './composer/message-composer';
import { ConversionMonitorService } from './conversion-monitor.service';
import { PricesService } from './prices.service';
import { loadProviders } from './providers/load-providers';
import { SmsBudgetService } from './sms-budget.service';
import { SmsConversion } from './sms-conversion.entity';
import { SmsDeliveriesService } from './sms-deliveries.service';
import { SmsDelivery } from './sms-delivery.entity';
import { SMS_PROVIDERS, SmsSenderService } from './sms-sender.service';
import { SmsSpend } from './sms-spend.entity';

@Module({
  imports: [
    BackgroundJobsModule,
    TypeOrmModule.forFeature([SmsConversion, SmsDelivery, SmsSpend], TANDEM),
  ],
  providers: [
    ConversionMonitorService,
    MessageComposer,
    SmsBudgetService,
    SmsDeliveriesService,
    SmsSenderService,
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
