import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { UserDevice } from './device.entity';
import { DeviceTokensService } from './device-tokens.service';
import { DevicesService } from './devices.service';
import { FormerDeviceTokensService } from './former-device-tokens.service';
import { ActivityService } from './activity.service';
import { HousekeepingService } from './housekeeping.service';
import { RevocationFeedService } from './revocation-feed.service';
import { RevocationListService } from './revocation-list.service';
import { Session } from './session.entity';
import { SessionsService } from './sessions.service';
import { TANDEM } from '../storage/tandem';

@Module({
  imports: [BackgroundJobsModule, TypeOrmModule.forFeature([Session, UserDevice], TANDEM)],
  providers: [
    ActivityService,
    DevicesService,
    DeviceTokensService,
    FormerDeviceTokensService,
    HousekeepingService,
    RevocationFeedService,
    RevocationListService,
    SessionsService,
  ],
  exports: [
    ActivityService,
    DevicesService,
    DeviceTokensService,
    RevocationFeedService,
    RevocationListService,
    SessionsService,
  ],
})
export class SessionsModule {}
