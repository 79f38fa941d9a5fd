import { Global, Module } from '@nestjs/common';
import { ClockWatch } from './clock-watch.service';
import { MetricsService } from './metrics.service';

@Global()
@Module({ providers: [ClockWatch, MetricsService], exports: [MetricsService] })
export class ObservabilityModule {}
