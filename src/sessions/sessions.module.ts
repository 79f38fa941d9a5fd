import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActivityService } from './activity.service';
import { HousekeepingService } from './housekeeping.service';
import { RevocationFeed } from './revocation-feed.service';
import { RevocationList } from './revocation-list';
import { Session } from './session.entity';
import { SessionsService } from './sessions.service';
import { TANDEM } from '../storage/tandem';

@Module({
  imports: [TypeOrmModule.forFeature([Session], TANDEM)],
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
