import { Get, Header, Optional, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiTags, Operation } from '../contract/docs';
import { Registry } from 'prom-client';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors } from '../contract/api-errors.decorator';
import { Public } from '../auth/public.decorator';
import { NodeMetricsService } from '../cluster/node-metrics.service';
import { MetricsService } from '../observability/metrics.service';
import { MetricsGuard } from './metrics.guard';

@ApiTags('operation')
@Public()
@UseGuards(MetricsGuard)
@ApiController('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: MetricsService,
    /** The server's, which may have several workers. */
    @Optional() private readonly node?: NodeMetricsService,
  ) {}

  @Operation(
    'Metrics for Prometheus, in its text format: of all workers of this node. With `METRICS_TOKEN` for whoever sends it as Bearer; with `METRICS_PORT` on that port alone.',
  )
  @Get()
  @ApiErrors('UNAUTHORIZED')
  @ApiOkResponse({ description: '', content: { 'text/plain': { schema: { type: 'string' } } } })
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  read(): Promise<string> {
    return this.node?.read() ?? this.metrics.registry.metrics();
  }
}
