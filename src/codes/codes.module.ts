import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { SessionsModule } from '../sessions/sessions.module';
import { SmsModule } from '../sms/sms.module';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { Clock } from '../common/clock';
import { REDIS, REDIS_REPLICA, type RedisClient } from '../storage/redis.service';
import { Env } from '../config/env';
import { KeyRing } from '../config/key-ring';
import { TANDEM } from '../storage/tandem';
import { UsersModule } from '../users/users.module';
import { BlockGuardService } from './blocks/block-guard.service';
import { BlocksService } from './blocks/blocks.service';
import { CAPTCHA } from './captcha/captcha';
import { CaptchaDifficultyService } from './captcha/captcha-difficulty.service';
import { captchaFor } from './captcha/captcha.factory';
import { CaptchasService } from './captcha/captchas.service';
import { ChallengeCodesService } from './challenge-codes.service';
import { Challenge } from './challenge.entity';
import { CHALLENGE_STORE, type ChallengeStore } from './challenge-store';
import { CodeSenderService } from './code-sender.service';
import { CodeVerifierService } from './code-verifier.service';
import { CodesInHandService } from './codes-in-hand.service';
import { FailoverChallengeStore } from './failover-challenge.store';
import { GuessAlarmService } from './guess-alarm.service';
import { LimiterService } from './limiter.service';
import { LimitsModule } from './limits.module';
import { QuietSenderService } from './quiet-sender.service';
import { RedisChallengeStore } from './redis-challenge.store';
import { RequestHandlesService } from './request-handles.service';
import { SendChargesService } from './send-charges.service';
import { SendLooksService } from './send-looks.service';
import { SendScreenService } from './send-screen.service';
import { SqlChallengeStore } from './sql-challenge.store';
import { TestNumbersService } from './test-numbers.service';
import { UnusedMessagesService } from './unused-messages.service';
import { WrongCodesService } from './wrong-codes.service';

const optional = (token: symbol) => ({ token, optional: true });

@Module({
  imports: [
    AuditModule,
    BackgroundJobsModule,
    LimitsModule,
    SessionsModule,
    SmsModule,
    TypeOrmModule.forFeature([Challenge], TANDEM),
    UsersModule,
  ],
  providers: [
    BlockGuardService,
    BlocksService,
    CaptchaDifficultyService,
    CaptchasService,
    ChallengeCodesService,
    CodesInHandService,
    CodeSenderService,
    CodeVerifierService,
    GuessAlarmService,
    QuietSenderService,
    RequestHandlesService,
    SendChargesService,
    SendLooksService,
    SendScreenService,
    SqlChallengeStore,
    TestNumbersService,
    UnusedMessagesService,
    WrongCodesService,
    { provide: CAPTCHA, inject: [Env, KeyRing, LimiterService, Clock], useFactory: captchaFor },
    {
      provide: CHALLENGE_STORE,
      inject: [
        SqlChallengeStore,
        Clock,
        Env,
        LimiterService,
        KeyRing,
        optional(REDIS),
        optional(REDIS_REPLICA),
      ],
      useFactory: challengeStore,
    },
  ],
  exports: [
    BlockGuardService,
    BlocksService,
    CaptchasService,
    CHALLENGE_STORE,
    ChallengeCodesService,
    CodeSenderService,
    CodeVerifierService,
    LimitsModule,
    SendScreenService,
    TestNumbersService,
  ],
})
export class CodesModule {}

function challengeStore(
  sql: SqlChallengeStore,
  clock: Clock,
  env: Env,
  limiter: LimiterService,
  keys: KeyRing,
  primary?: RedisClient,
  replica?: RedisClient,
): ChallengeStore {
  if (!primary) return sql;
  return new FailoverChallengeStore(
    new RedisChallengeStore(primary, clock, env, limiter, keys),
    replica && new RedisChallengeStore(replica, clock, env, limiter, keys),
    sql,
    clock,
    env,
    limiter,
  );
}
