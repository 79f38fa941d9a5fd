import { Controller, Get, Header } from '@nestjs/common';
import { ApiProduces, ApiTags } from '../contract/docs';
import { Registry } from 'prom-client';
import { Public } from '../auth/public.decorator';
import { NodeMetrics } from '../cluster/node-metrics.service';

@ApiTags('operation')
@Public()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: NodeMetrics) {}

  /** Metrics for Prometheus, in its text format: of all workers of this node. */
  @Get()
  @ApiProduces('text/plain')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  read(): Promise<string> {
    return this.metrics.read();
  }
}
