import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module';
import { DrainService } from './drain.service';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';

@Module({
  imports: [SessionsModule],
  controllers: [HealthController, MetricsController],
  providers: [DrainService],
})
export class OpsModule {}
