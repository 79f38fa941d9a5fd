import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { ActivityService } from './activity.service';
import { HousekeepingService } from './housekeeping.service';
import { RevocationFeed } from './revocation-feed.service';
import { RevocationList } from './revocation-list';
import { Session } from './session.entity';
import { SessionsService } from './sessions.service';
import { TANDEM } from '../storage/tandem';

@Module({
  imports: [BackgroundJobsModule, TypeOrmModule.forFeature([Session], TANDEM)],
  providers: [
    ActivityService,
    HousekeepingService,
    RevocationFeed,
    RevocationList,
    SessionsService,
  ],
  exports: [ActivityService, RevocationFeed, RevocationList, SessionsService],
})
export class SessionsModule {}
