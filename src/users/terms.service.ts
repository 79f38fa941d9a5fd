import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { By } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { atomically, forUpdate, nameIn, together } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';

/** Notes which terms users have agreed to, and when. */
@Injectable()
export class TermsService {
  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
  ) {}

  /** @throws ApiException `VALIDATION_FAILED` for others than those in force: nobody agrees to what was not shown. */
  assertInForce(version: string | undefined): void {
    if (version === undefined || version === this.env.TERMS_VERSION) return;
    const message = ['terms_version must be that of GET /auth/config'];
    throw new ApiException('VALIDATION_FAILED', { message });
  }

  /** Agreeing again to the same changes nothing, not even when it was. */
  async accept(userId: string, version: string, by: By): Promise<void> {
    const accept = () => atomically(this.dataSource, this.acceptance(userId, version, by));
    await retrying(accept, isCollision);
  }

  /** The same in a transaction. */
  acceptIn(manager: EntityManager, userId: string, version: string, by: By): Promise<void> {
    return together(manager, ...Object.values(this.acceptance(userId, version, by)));
  }

  private acceptance(userId: string, version: string, by: By) {
    const table = nameIn(this.dataSource, 'users');
    const other = sql`id = ${userId} AND (terms_version IS NULL OR terms_version <> ${version})`;
    const now = this.clock.now();
    return {
      ...this.changes.tell({
        action: 'user.updated',
        ...by,
        userId,
        detail: { fields: ['terms_version'], terms_version: version },
        when: sql`FROM ${table} WHERE ${other} ${forUpdate(this.dataSource)}`,
      }),
      accepted: sql`UPDATE ${table} SET terms_version = ${version}, terms_accepted_at = ${now}, updated_at = ${now}
        WHERE ${other}`,
    };
  }
}
