import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';

/** `/health` and `/metrics`. */
@Module({
  imports: [SessionsModule],
  controllers: [HealthController, MetricsController],
})
export class OpsRoutes {}
