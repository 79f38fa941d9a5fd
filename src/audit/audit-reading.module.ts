import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TANDEM } from '../storage/tandem';
import { AuditEvent } from './audit-event.entity';
import { AuditTailService } from './audit-tail.service';
import { AuditVerifierService } from './audit-verifier.service';

/** What operators read of the audit. */
@Module({
  imports: [TypeOrmModule.forFeature([AuditEvent], TANDEM)],
  providers: [AuditTailService, AuditVerifierService],
  exports: [AuditTailService, AuditVerifierService],
})
export class AuditReadingModule {}
