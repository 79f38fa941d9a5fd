import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TANDEM } from '../storage/tandem';
import { UserDevice } from './device.entity';
import { DeviceTokensService } from './device-tokens.service';
import { DevicesService } from './devices.service';
import { FormerDeviceTokensService } from './former-device-tokens.service';

/** Apart from sessions: commands that change users take it without what runs in the background. */
@Module({
  imports: [TypeOrmModule.forFeature([UserDevice], TANDEM)],
  providers: [DevicesService, DeviceTokensService, FormerDeviceTokensService],
  exports: [DevicesService, DeviceTokensService],
})
export class DevicesModule {}
