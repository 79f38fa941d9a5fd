import { Get } from '@nestjs/common';
import { ApiTags, Operation } from '../contract/docs';
import { Public } from '../auth/public.decorator';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors } from '../contract/api-errors.decorator';
import { ApiException } from '../common/errors';
import { type RedisHealth, RedisHealthService } from '../storage/redis-health.service';
import { REDIS_PROBLEMS } from '../storage/redis-problems';
import { LiveDto, ReadyDto } from './health.dto';
import { ReadinessService } from './readiness.service';

@ApiTags('operation')
@Public()
@ApiController('health')
export class HealthController {
  constructor(
    private readonly readiness: ReadinessService,
    private readonly redis: RedisHealthService,
  ) {}

  @Operation('Whether the process runs. Restart it when this fails.', 200, LiveDto)
  @Get('live')
  live(): LiveDto {
    return { status: 'ok' };
  }

  @Operation(
    'Whether to send requests here. A node that has lost Redis, or may not do there what it needs, stays in service without it. Not ready is one that has never reached its Redis, does not reach SQL, has not learned for 10 s which sessions ended, or is about to stop.',
    200,
    ReadyDto,
  )
  @Get('ready')
  @ApiErrors('UNAVAILABLE')
  async ready(): Promise<ReadyDto> {
    const { status: redis, problem: redis_problem } = withRedis(this.redis.health);
    if (!(await this.readiness.isReady())) throw new ApiException('UNAVAILABLE');
    return { status: 'ok', database: 'up', redis, redis_problem };
  }
}

/** @throws ApiException `UNAVAILABLE` where Redis was never reached, with the reason. */
function withRedis({ status, problem }: RedisHealth) {
  if (status !== 'missing') {
    // That it is down tells as much.
    return { status, problem: problem === 'UNREACHABLE' ? undefined : problem };
  }
  throw new ApiException('UNAVAILABLE', { message: `Redis ${REDIS_PROBLEMS[problem!]}.` });
}
