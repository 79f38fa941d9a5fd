import { Module } from '@nestjs/common';
import { BackgroundJobsService } from './background-jobs.service';

/** Not global: that would have its jobs outlive the connections, by the order in which Nest shuts modules down. */
@Module({ providers: [BackgroundJobsService], exports: [BackgroundJobsService] })
export class BackgroundJobsModule {}
