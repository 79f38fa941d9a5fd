import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module';
import { DrainService } from './drain.service';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { NodeMetrics } from '../cluster/node-metrics.service';
import { PrimaryWatch } from '../cluster/primary-watch.service';

@Module({
  imports: [SessionsModule],
  controllers: [HealthController, MetricsController],
  providers: [DrainService, NodeMetrics, PrimaryWatch],
})
export class OpsModule {}
