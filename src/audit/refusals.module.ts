import { Module } from '@nestjs/common';
import { BackgroundJobsModule } from '../common/background-jobs.module';
import { AuditModule } from './audit.module';
import { FailedLoginsService } from './failed-logins.service';
import { RefusalsService } from './refusals.service';

/** Apart from `AuditModule`: it writes in the background. */
@Module({
  imports: [AuditModule, BackgroundJobsModule],
  providers: [FailedLoginsService, RefusalsService],
  exports: [RefusalsService],
})
export class RefusalsModule {}
