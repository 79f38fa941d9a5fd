import { Module } from '@nestjs/common';
import { Env } from '../config/env';
import { LimiterService } from './limiter.service';
import { LIMIT_TABLE, limitsWith } from './limits';

/** Apart from codes: commands look into limits without what runs in the background. */
@Module({
  providers: [
    LimiterService,
    { provide: LIMIT_TABLE, inject: [Env], useFactory: (env: Env) => limitsWith(env.LIMITS) },
  ],
  exports: [LimiterService],
})
export class LimitsModule {}
