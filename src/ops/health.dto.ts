import { Doc } from '../contract/docs';
import { REDIS_PROBLEMS, type RedisProblem } from '../storage/redis-problems';

export class LiveDto {
  @Doc({ enum: ['ok'] })
  status!: 'ok';
}

export class ReadyDto extends LiveDto {
  @Doc({ enum: ['up'] })
  database!: 'up';
  @Doc(
    '`unused` where none is configured; the node does without while it is `down` or `degraded`.',
    {
      enum: ['unused', 'up', 'down', 'degraded'],
    },
  )
  redis!: 'unused' | 'up' | 'down' | 'degraded';
  @Doc('What Redis answers instead of doing its work.', {
    enum: Object.keys(REDIS_PROBLEMS),
    required: false,
  })
  redis_problem?: RedisProblem;
}
