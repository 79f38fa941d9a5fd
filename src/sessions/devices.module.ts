import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { TANDEM } from '../storage/tandem';
import { UserDevice } from './device.entity';
import { DeviceTokensService } from './device-tokens.service';
import { DevicesService } from './devices.service';
import { FormerDeviceTokensService } from './former-device-tokens.service';
import { SessionEndsQueries } from './session-ends.queries';

/** Apart from sessions: commands that change users take it without what runs in the background. */
@Module({
  imports: [AuditModule, TypeOrmModule.forFeature([UserDevice], TANDEM)],
  providers: [DevicesService, DeviceTokensService, FormerDeviceTokensService, SessionEndsQueries],
  exports: [DevicesService, DeviceTokensService, SessionEndsQueries],
})
export class DevicesModule {}
