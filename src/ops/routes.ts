import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { RedisGauge } from './redis-gauge';

/** `/health` and `/metrics`. */
@Module({
  imports: [SessionsModule],
  controllers: [HealthController, MetricsController],
  providers: [RedisGauge],
})
export class OpsRoutes {}
