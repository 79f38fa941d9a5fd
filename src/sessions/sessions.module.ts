import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { ActivityService } from './activity.service';
import { BulkEndsService } from './bulk-ends.service';
import { DevicesModule } from './devices.module';
import { HousekeepingService } from './housekeeping.service';
import { RevocationFeedService } from './revocation-feed.service';
import { RevocationListService } from './revocation-list.service';
import { Session } from './session.entity';
import { SessionsService } from './sessions.service';
import { TANDEM } from '../storage/tandem';

@Module({
  imports: [
    AuditModule,
    BackgroundJobsModule,
    DevicesModule,
    TypeOrmModule.forFeature([Session], TANDEM),
  ],
  providers: [
    ActivityService,
    BulkEndsService,
    HousekeepingService,
    RevocationFeedService,
    RevocationListService,
    SessionsService,
  ],
  exports: [
    ActivityService,
    BulkEndsService,
    DevicesModule,
    RevocationFeedService,
    RevocationListService,
    SessionsService,
  ],
})
export class SessionsModule {}
