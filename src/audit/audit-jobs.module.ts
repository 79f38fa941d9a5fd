import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module';
import { AuditReadingModule } from './audit-reading.module';
import { AuditPurgeService } from './audit-purge.service';
import { SealingService } from './sealing.service';

/** What becomes of the audit once it is written. */
@Module({
  imports: [AuditReadingModule, EventsModule],
  providers: [AuditPurgeService, SealingService],
})
export class AuditJobsModule {}
