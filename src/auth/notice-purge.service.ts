import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, LessThan } from 'typeorm';
import { Clock } from '../common/clock';
import { Snowflake } from '../common/snowflake';
import { Env } from '../config/env';
import { LeasedJobsService } from '../events/leased-jobs.service';
import { deleteInBatches } from '../storage/batches';
import { TANDEM } from '../storage/tandem';
import { SecurityNotice } from '../users/notices/security-notice.entity';

const INTERVAL_MS = 3_600_000;

/** Forgets security notices with the audit of what they told, acknowledged or not. */
@Injectable()
export class NoticePurgeService {
  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    jobs: LeasedJobsService,
  ) {
    jobs.every('purge of security notices', INTERVAL_MS, () => this.purge());
  }

  purge(): Promise<void> {
    const kept = Snowflake.firstOf(this.clock.now() - this.env.AUDIT_RETENTION * 1000);
    const notices = this.dataSource.getRepository(SecurityNotice);
    return deleteInBatches(notices, { id: LessThan(kept) });
  }
}
