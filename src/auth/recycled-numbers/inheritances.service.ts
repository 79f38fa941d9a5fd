import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import { type By, byUser } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import { type E164, maskMobile } from '../../common/phone-number';
import { Snowflake } from '../../common/snowflake';
import { SessionsService } from '../../sessions/sessions.service';
import { together } from '../../storage/queries';
import { TANDEM } from '../../storage/tandem';
import { MobileChange } from '../../users/mobile-change.entity';
import { NoticesService } from '../../users/notices/notices.service';
import { User } from '../../users/user.entity';
import { DataSubjectsService } from '../deletion/data-subjects.service';
import { erasureOf } from '../deletion/erasure.queries';
import { CLAIM_MS, claimableAt } from '../mobile-changes/change-times';
import { NumberMovesService } from '../mobile-changes/number-moves.service';
import { DetachmentsService } from './detachments.service';

/** What the next holder of an account must not read. Its history is told from then on: see `User.holderSince`. */
const OF_THE_HOLDER = ['user_profiles', 'user_devices', 'sessions', 'security_notices'];

/** Gives accounts to whoever has their number and says that they are theirs, without what is in them: nothing else shows it. */
@Injectable()
export class InheritancesService {
  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly detachments: DetachmentsService,
    private readonly ids: Snowflake,
    private readonly moves: NumberMovesService,
    private readonly notices: NoticesService,
    private readonly sessions: SessionsService,
    private readonly subjects: DataSubjectsService,
  ) {}

  /**
   * When a user who was locked may be given away: those with a password a week after it was asked for, of which they are told,
   * unless they cancel it.
   *
   * @throws ApiException `NUMBER_CLAIM_REFUSED` while the user changes the number.
   */
  async claim(manager: EntityManager, user: User, mobile: E164, by: By): Promise<Date> {
    if (user.passwordHash === null) return this.clock.date();
    const active = await manager.findOneBy(MobileChange, { activeOf: user.id });
    if (active && isClaimOf(active, user)) return claimableAt(active);
    if (active && !REPLACED.has(active.state)) throw new ApiException('NUMBER_CLAIM_REFUSED');
    if (active) await this.moves.close(manager, active, 'cancelled', { ...by, reason: 'replaced' });
    const claim = await this.open(manager, user.id, mobile);
    const available = claimableAt(claim);
    const detail = { change_id: claim.id, available_at: available.toISOString() };
    const told = { ...by, userId: user.id, detail, mobile };
    await this.changes.write(manager, { action: 'user.number_claimed', ...told });
    await this.notices.write(manager, { kind: 'number_claimed', userId: user.id });
    return available;
  }

  /**
   * @param since when the session of the heir begins, before which nothing is theirs to read.
   * @returns the sessions that ended.
   */
  async inherit(
    manager: EntityManager,
    user: User,
    mobile: E164,
    { since, ...by }: By & { since: Date },
  ): Promise<string[]> {
    const { id } = user;
    const at = this.clock.date();
    await this.detachments.endChanges(manager, id, by);
    const ended = await this.sessions.endAll(manager, id, { ...by, reason: 'reassigned' });
    const subject = await this.subjects.of(manager, user);
    await together(manager, ...erasureOf(this.dataSource, subject, OF_THE_HOLDER));
    const proved = { verifiedAt: at, firstVerifiedAt: at, lastLogin: at, updatedAt: at };
    const names = { username: null, usernameSetAt: null, externalId: null };
    const credentials = { ...names, passwordHash: null, passwordSetAt: null };
    const terms = { termsVersion: null, termsAcceptedAt: null };
    await manager.update(
      User,
      { id },
      { name: maskMobile(mobile), holderSince: since, ...proved, ...credentials, ...terms },
    );
    const detail = { had_password: user.passwordHash !== null };
    const told = { actor: byUser(id), origin: by.origin, userId: id, detail };
    await this.changes.write(manager, { action: 'user.reassigned', ...told });
    return ended;
  }

  private async open(manager: EntityManager, userId: string, mobile: E164): Promise<MobileChange> {
    const [id, createdAt] = [this.ids.next(), this.clock.date()];
    await manager.insert(MobileChange, {
      id,
      userId,
      activeOf: userId,
      state: 'claimed',
      proof: 'code',
      fromMobile: mobile,
      toMobile: mobile,
      createdAt,
      dueAt: new Date(+createdAt + CLAIM_MS),
    });
    return manager.findOneByOrFail(MobileChange, { id });
  }
}

/** Those that nobody has proved yet, and claims from before the number was proved again. */
const REPLACED: ReadonlySet<string> = new Set(['open', 'claimed']);

const isClaimOf = ({ state, createdAt, toMobile }: MobileChange, { verifiedAt, mobile }: User) =>
  state === 'claimed' && toMobile === mobile && !(verifiedAt && verifiedAt >= createdAt);
