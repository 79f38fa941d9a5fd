import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Redis } from 'ioredis';
import { SmsModule } from '../sms/sms.module';
import { REDIS, REDIS_REPLICA } from '../storage/redis.service';
import { Challenge } from './challenge.entity';
import type { ChallengeStore } from './challenge-store';
import { CHALLENGE_STORE, CodesService } from './codes.service';
import { FailoverChallengeStore } from './failover-challenge.store';
import { LimiterService } from './limiter.service';
import { LIMIT_TABLE, LIMITS } from './limits';
import { RedisChallengeStore } from './redis-challenge.store';
import { SqlChallengeStore } from './sql-challenge.store';

const optional = (token: string) => ({ token, optional: true });

@Module({
  imports: [SmsModule, TypeOrmModule.forFeature([Challenge])],
  providers: [
    CodesService,
    LimiterService,
    SqlChallengeStore,
    { provide: LIMIT_TABLE, useValue: LIMITS },
    {
      provide: CHALLENGE_STORE,
      inject: [SqlChallengeStore, optional(REDIS), optional(REDIS_REPLICA)],
      useFactory: challengeStore,
    },
  ],
  exports: [CodesService, LimiterService],
})
export class CodesModule {}

function challengeStore(sql: SqlChallengeStore, primary?: Redis, replica?: Redis): ChallengeStore {
  if (!primary) return sql;
  return new FailoverChallengeStore(
    new RedisChallengeStore(primary),
    replica && new RedisChallengeStore(replica),
    sql,
  );
}
