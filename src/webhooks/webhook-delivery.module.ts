import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { EventsModule } from '../events/events.module';
import { TANDEM } from '../storage/tandem';
import { EndpointHealthService } from './endpoint-health.service';
import { WebhookDeliveryService } from './webhook-delivery.service';
import { WebhookEndpoint } from './webhook-endpoint.entity';
import { WebhookMetricsService } from './webhook-metrics.service';
import { WebhookPurgeService } from './webhook-purge.service';
import { WebhooksModule } from './webhooks.module';

/** What runs in the background. */
@Module({
  imports: [
    AuditModule,
    BackgroundJobsModule,
    EventsModule,
    TypeOrmModule.forFeature([WebhookEndpoint], TANDEM),
    WebhooksModule,
  ],
  providers: [
    EndpointHealthService,
    WebhookDeliveryService,
    WebhookMetricsService,
    WebhookPurgeService,
  ],
})
export class WebhookDeliveryModule {}
