import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { By } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import { Clock } from '../../common/clock';
import { type E164, maskMobile } from '../../common/phone-number';
import { Snowflake } from '../../common/snowflake';
import { SessionsService } from '../../sessions/sessions.service';
import { MobileChange } from '../../users/mobile-change.entity';
import { NoticesService } from '../../users/notices/notices.service';
import { User } from '../../users/user.entity';
import { DETACHED_MS } from '../mobile-changes/change-times';
import { NumberMovesService } from '../mobile-changes/number-moves.service';

/** Takes a number from a user whom its holder does not know. They are erased later, unless they prove another by then. */
@Injectable()
export class DetachmentsService {
  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    private readonly ids: Snowflake,
    private readonly moves: NumberMovesService,
    private readonly notices: NoticesService,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * In the transaction that has locked the user.
   *
   * @returns the sessions that ended.
   */
  async detach(manager: EntityManager, user: User, mobile: E164, by: By): Promise<string[]> {
    const { id, name, deletionAt } = user;
    await this.endChanges(manager, id, by);
    const ended = await this.sessions.endAll(manager, id, { ...by, reason: 'reassigned' });
    const erasedAt = new Date(this.clock.now() + DETACHED_MS);
    const deletion = deletionAt && deletionAt < erasedAt ? deletionAt : erasedAt;
    await manager.update(
      User,
      { id },
      { mobile: null, name: name === maskMobile(mobile) ? '' : name, deletionAt: deletion },
    );
    await this.record(manager, id, mobile);
    await this.notices.write(manager, { kind: 'number_reassigned', userId: id });
    const detail = { delete_at: deletion.toISOString() };
    const told = { ...by, userId: id, detail, mobile };
    await this.changes.write(manager, { action: 'user.detached', ...told });
    return ended;
  }

  /** Whatever was under way to or from a number that is not theirs any more. */
  async endChanges(manager: EntityManager, userId: string, by: By): Promise<void> {
    const active = await manager.findOneBy(MobileChange, { activeOf: userId });
    if (!active) return;
    const state = active.movedAt ? 'confirmed' : 'cancelled';
    await this.moves.close(manager, active, state, { ...by, reason: 'reassigned' });
  }

  /** What there is of the number from before is theirs, and goes with them. */
  private async record(manager: EntityManager, userId: string, mobile: E164): Promise<void> {
    const at = this.clock.date();
    await manager.insert(MobileChange, {
      id: this.ids.next(),
      userId,
      state: 'detached',
      proof: 'code',
      fromMobile: mobile,
      toMobile: mobile,
      createdAt: at,
      movedAt: at,
      endedAt: at,
    });
  }
}
