import { Get, Header, Optional } from '@nestjs/common';
import { ApiProduces, ApiTags, Operation } from '../contract/docs';
import { Registry } from 'prom-client';
import { ApiController } from '../contract/api-controller.decorator';
import { Public } from '../auth/public.decorator';
import { NodeMetricsService } from '../cluster/node-metrics.service';
import { MetricsService } from '../observability/metrics.service';

@ApiTags('operation')
@Public()
@ApiController('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: MetricsService,
    /** The server's, which may have several workers. */
    @Optional() private readonly node?: NodeMetricsService,
  ) {}

  @Operation(
    'Metrics for Prometheus, in its text format: of all workers of this node.',
    200,
    String,
  )
  @Get()
  @ApiProduces('text/plain')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  read(): Promise<string> {
    return this.node?.read() ?? this.metrics.registry.metrics();
  }
}
