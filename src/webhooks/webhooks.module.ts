import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { TANDEM } from '../storage/tandem';
import { BacklogsService } from './backlogs.service';
import { HostAddressesService } from './calls/host-addresses.service';
import { WebhookCallsService } from './calls/webhook-calls.service';
import { WebhookAttempt } from './webhook-attempt.entity';
import { WebhookEndpoint } from './webhook-endpoint.entity';
import { WebhookEndpointsService } from './webhook-endpoints.service';
import { WebhookQueueService } from './webhook-queue.service';
import { WebhookReplaysService } from './webhook-replays.service';
import { WebhookSecretsService } from './webhook-secrets.service';

/** What operators do with webhooks. Commands take it, too: nothing here runs in the background. */
@Module({
  imports: [AuditModule, TypeOrmModule.forFeature([WebhookAttempt, WebhookEndpoint], TANDEM)],
  providers: [
    BacklogsService,
    HostAddressesService,
    WebhookCallsService,
    WebhookEndpointsService,
    WebhookQueueService,
    WebhookReplaysService,
    WebhookSecretsService,
  ],
  exports: [
    BacklogsService,
    WebhookCallsService,
    WebhookEndpointsService,
    WebhookQueueService,
    WebhookReplaysService,
    WebhookSecretsService,
  ],
})
export class WebhooksModule {}
