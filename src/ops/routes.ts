import { Module } from '@nestjs/common';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { SessionsModule } from '../sessions/sessions.module';
import { WebhooksModule } from '../webhooks/webhooks.module';
import { BacklogGauges } from './backlog-gauges';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { ReadinessService } from './readiness.service';
import { RedisGauge } from './redis-gauge';

/** `/health` and `/metrics`. */
@Module({
  imports: [BackgroundJobsModule, SessionsModule, WebhooksModule],
  controllers: [HealthController, MetricsController],
  providers: [BacklogGauges, ReadinessService, RedisGauge],
})
export class OpsRoutes {}
