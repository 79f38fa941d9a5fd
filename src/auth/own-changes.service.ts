import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { ownChange } from '../audit/origin';
import type { Caller } from '../contract/caller.decorator';
import { type Holder, SessionsService } from '../sessions/sessions.service';
import { retrying } from '../storage/retrying';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { TermsService } from '../users/terms.service';
import { type ProfileChanges, UsersService } from '../users/users.service';

/**
 * What users change about themselves, in a session that lives until the commit: what is under way while the number changes hands
 * reaches nobody who has the account by then.
 */
@Injectable()
export class OwnChangesService {
  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly sessions: SessionsService,
    private readonly terms: TermsService,
    private readonly users: UsersService,
  ) {}

  /** @throws ApiException `UNAUTHORIZED` when the session has ended meanwhile. */
  updateProfile(holder: Holder, changes: ProfileChanges, caller: Caller): Promise<void> {
    const { userId } = holder;
    const by = ownChange(userId, caller);
    return this.commit(holder, (manager) =>
      this.users.updateProfileIn(manager, userId, changes, by),
    );
  }

  /** @throws ApiException `VALIDATION_FAILED` for terms that are not in force; `UNAUTHORIZED`. */
  async acceptTerms(holder: Holder, version: string, caller: Caller): Promise<void> {
    this.terms.assertInForce(version);
    const { userId } = holder;
    const by = ownChange(userId, caller);
    await this.commit(holder, (manager) => this.terms.acceptIn(manager, userId, version, by));
  }

  /** Ends every session and device of the user but these. @throws ApiException `UNAUTHORIZED`. */
  async endOtherSessions(holder: Holder, caller: Caller): Promise<void> {
    const { userId, sessionId } = holder;
    const ending = { ...ownChange(userId, caller), reason: 'revoked' } as const;
    const end = (manager: EntityManager) =>
      this.sessions.endAll(manager, userId, ending, sessionId);
    this.sessions.revoke(await this.commit(holder, end));
  }

  private commit<T>(holder: Holder, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const change = async (manager: EntityManager) => {
      // Locked first, as by whoever gives the account away, or erases it.
      await this.users.touch(manager, holder.userId);
      await this.sessions.assertLocked(manager, holder);
      return work(manager);
    };
    return retrying(() => this.dataSource.transaction(change), isCollision);
  }
}
