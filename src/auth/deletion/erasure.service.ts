import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager, LessThanOrEqual, MoreThan } from 'typeorm';
import { BY_SYSTEM } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import { BlocksService } from '../../codes/blocks/blocks.service';
import { Clock } from '../../common/clock';
import { PERSONAL_DATA } from '../../common/personal-data';
import { RedactingLogger } from '../../common/redacting-logger';
import { orWarn } from '../../observability/or-warn';
import { SessionsService } from '../../sessions/sessions.service';
import { BATCH } from '../../storage/batches';
import { change, forget, together } from '../../storage/queries';
import { retrying } from '../../storage/retrying';
import { join, sql } from '../../storage/sql';
import { isCollision } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import { User } from '../../users/user.entity';
import { UserProfile } from '../../users/user-profile.entity';
import { DataSubjectsService } from './data-subjects.service';
import { emptying, erasureOf } from './erasure.queries';
import { OperatorTracesService } from './operator-traces.service';

const DAY_MS = 86_400_000;
/** How long the number of a user who was disabled stays shut out: nobody comes back by having themselves erased. */
const DISABLED_STAYS_OUT_MS = 180 * DAY_MS;
/** How long something may still be written of a user who was erased: what their clients try with dead tokens. */
const LEAVES_TRACES_MS = 15 * DAY_MS;

/** Erases users whose time has come. Each is one transaction: killed in between, nothing has happened, and it is done again. */
@Injectable()
export class ErasureService {
  private readonly logger = new RedactingLogger(ErasureService.name);

  constructor(
    private readonly blocks: BlocksService,
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly operatorTraces: OperatorTracesService,
    private readonly sessions: SessionsService,
    private readonly subjects: DataSubjectsService,
  ) {}

  /** One who cannot be erased keeps no other from it. */
  async eraseDue(): Promise<void> {
    const due = await this.dataSource.manager.find(User, {
      where: { deletionAt: LessThanOrEqual(this.clock.date()) },
      select: { id: true },
      order: { deletionAt: 'ASC' },
      take: BATCH,
    });
    for (const { id } of due) {
      await orWarn(this.logger, 'User could not be erased', () => this.erase(id));
    }
  }

  /**
   * Whatever races this, no session of the user lives after it, and whoever proves the number is somebody new.
   *
   * @returns whether it did: not when the user has thought better of it, or is erased already.
   */
  async erase(id: string): Promise<boolean> {
    const traces = await this.operatorTraces.of(id);
    const erase = (manager: EntityManager) => this.eraseIn(manager, id, traces);
    const ended = await retrying(() => this.dataSource.transaction(erase), isCollision);
    if (ended === null) return false;
    this.sessions.revoke(ended);
    await orWarn(this.logger, 'Log of the database could not be emptied', () =>
      forget(this.dataSource),
    );
    return true;
  }

  /** Takes away what was written of erased users since: a refusal of their old tokens names a network. */
  async eraseTraces(): Promise<void> {
    const since = new Date(this.clock.now() - LEAVES_TRACES_MS);
    const erased = await this.dataSource.manager.find(UserProfile, {
      where: { deletedAt: MoreThan(since) },
      select: { id: true },
    });
    const erase = emptying(this.dataSource, 'audit_events', PERSONAL_DATA.audit_events!)!;
    for (let start = 0; start < erased.length; start += BATCH) {
      const ids = join(erased.slice(start, start + BATCH).map(({ id }) => id));
      await change(this.dataSource, sql`${erase} WHERE user_id IN (${ids}) AND salt IS NOT NULL`);
    }
  }

  /** @returns the sessions that it ended, or null. */
  private async eraseIn(
    manager: EntityManager,
    id: string,
    traces: readonly string[],
  ): Promise<string[] | null> {
    const [now, today] = [this.clock.now(), this.clock.date()];
    // Locked first: logins that wait for it find nobody, and those before it have their sessions ended.
    const isDue = { id, deletionAt: LessThanOrEqual(today) };
    const { affected } = await manager.update(User, isDue, { updatedAt: today });
    if (!affected) return null;
    const user = await manager.findOneByOrFail(User, { id });
    const subject = await this.subjects.of(manager, user);
    const ended = await this.sessions.endAll(manager, id, { ...BY_SYSTEM, reason: 'deleted' });
    const isOut = user.status === 'disabled';
    const outUntil = isOut ? now + DISABLED_STAYS_OUT_MS : undefined;
    if (user.mobile) await this.blocks.seal(manager, user.mobile, now, outUntil);
    await this.operatorTraces.erase(manager, traces);
    await together(manager, ...erasureOf(this.dataSource, subject));
    await manager.update(UserProfile, { id }, { deletedAt: today });
    await this.changes.write(manager, { action: 'user.deleted', ...BY_SYSTEM, userId: id });
    return ended;
  }
}
