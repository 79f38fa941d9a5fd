import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { DevicesModule } from '../sessions/devices.module';
import { RevocationListService } from '../sessions/revocation-list.service';
import { Session } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { TANDEM } from '../storage/tandem';

/** The servers learn of ended sessions by themselves, and this process has no requests to refuse. */
const NO_REVOCATIONS = { provide: RevocationListService, useValue: { add: () => undefined } };

/** Sessions for commands: without what runs in the background. */
@Module({
  imports: [AuditModule, DevicesModule, TypeOrmModule.forFeature([Session], TANDEM)],
  providers: [NO_REVOCATIONS, SessionsService],
  exports: [DevicesModule, SessionsService, TypeOrmModule],
})
export class CommandSessionsModule {}
