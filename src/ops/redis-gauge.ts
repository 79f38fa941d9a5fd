import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { MetricsService } from '../observability/metrics.service';
import { RedisHealthService } from '../storage/redis-health.service';

/** What `/health/ready` says of Redis, as a metric. */
@Injectable()
export class RedisGauge {
  constructor({ registry }: MetricsService, redis: RedisHealthService) {
    const gauge = new Gauge({
      name: 'tandem_redis_status',
      help: '1 for how Redis is: unused, missing, down, degraded or up; and for the problem, when there is one.',
      labelNames: ['status', 'problem'],
      // Of all workers of a node: each state that one of them sees.
      aggregator: 'max',
      registers: [],
      collect() {
        const { status, problem = '' } = redis.health;
        this.reset();
        this.set({ status, problem }, 1);
      },
    });
    registry.registerMetric(gauge);
  }
}
