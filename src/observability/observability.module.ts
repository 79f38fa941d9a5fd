import { Global, Module } from '@nestjs/common';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { ClockWatchService } from './clock-watch.service';
import { MetricsService } from './metrics.service';

@Global()
@Module({
  imports: [BackgroundJobsModule],
  providers: [ClockWatchService, MetricsService],
  exports: [MetricsService],
})
export class ObservabilityModule {}
