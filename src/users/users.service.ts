import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, type EntityManager, In, Repository } from 'typeorm';
import { type By, BY_SYSTEM, byUser } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { Clock } from '../common/clock';
import { ApiException, type ErrorCode } from '../common/errors';
import { type E164, maskMobile } from '../common/phone-number';
import { Snowflake } from '../common/snowflake';
import { DatabaseService } from '../storage/database.service';
import { forUpdate, nameIn, together } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { insertion, type Sql, sql } from '../storage/sql';
import { isCollision } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { MobileChange } from './mobile-change.entity';
import { USER_STATUSES } from './reserved-number';
import { User, type UserStatus } from './user.entity';
import { UserProfile } from './user-profile.entity';

/** What is undefined stays as it is; null clears a field. */
export type ProfileChanges = Partial<Omit<UserProfile, 'id'>> & { name?: string };

/** Matches users, and no number that is reserved. */
const OF_USERS = { status: In([...USER_STATUSES]) };

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User, TANDEM) private readonly users: Repository<User>,
    @InjectRepository(UserProfile, TANDEM) private readonly profiles: Repository<UserProfile>,
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    private readonly database: DatabaseService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly ids: Snowflake,
  ) {}

  findById(id: string): Promise<User | null> {
    return this.users.findOneBy({ id, ...OF_USERS });
  }

  /** @throws ApiException `UNAUTHORIZED` when there is no such user any more. */
  findPresent(id: string): Promise<User> {
    return this.present(this.findById(id));
  }

  findAll(ids: readonly string[]): Promise<User[]> {
    return this.users.findBy({ id: In([...new Set(ids)]), ...OF_USERS });
  }

  findByMobile(mobile: E164): Promise<User | null> {
    return this.users.findOneBy({ mobile, ...OF_USERS });
  }

  /** The change of number by which a number is kept from everybody else: see `RESERVED`. With the password of before. */
  findChangeKeeping(mobile: E164): Promise<MobileChange | null> {
    return this.users.manager
      .createQueryBuilder(MobileChange, 'c')
      .addSelect('c.passwordHash')
      .innerJoin(User, 'u', 'u.id = c.id')
      .where('u.mobile = :mobile', { mobile })
      .getOne();
  }

  /** A new user of a number that a code has just proved, and what inserts them with their profile. */
  registration(mobile: E164): { id: string; user: Sql; profile: Sql } {
    const [id, now] = [this.ids.next(), this.clock.now()];
    const user = insertion(nameIn(this.dataSource, 'users'), {
      id,
      mobile,
      name: maskMobile(mobile),
      status: 'active',
      last_login: now,
      verified_at: now,
      first_verified_at: now,
      created_at: now,
      updated_at: now,
    });
    return { id, user, profile: insertion(nameIn(this.dataSource, 'user_profiles'), { id }) };
  }

  async enable(id: string, by: By = BY_SYSTEM): Promise<void> {
    const enable = (manager: EntityManager) => this.setStatus(manager, id, 'active', by);
    await retrying(() => this.dataSource.transaction(enable), isCollision);
  }

  /** Tells it, if they do not have it yet. Waits for the logins of the user that are under way. */
  async setStatus(
    manager: EntityManager,
    id: string,
    status: UserStatus,
    { actor, origin, reason }: By,
  ): Promise<void> {
    const table = nameIn(this.dataSource, 'users');
    const other = sql`id = ${id} AND status <> ${status}`;
    const { audit, outbox } = this.changes.tell({
      action: status === 'disabled' ? 'user.disabled' : 'user.enabled',
      actor,
      origin,
      reason,
      userId: id,
      when: sql`FROM ${table} WHERE ${other} ${forUpdate(this.dataSource)}`,
    });
    const turned = sql`UPDATE ${table} SET status = ${status}, updated_at = ${this.clock.now()}
      WHERE ${other}`;
    await together(manager, audit, outbox, turned);
  }

  /** Locks a user who is about to be changed. @returns whether there is one. */
  async touch(manager: EntityManager, id: string): Promise<boolean> {
    const { affected } = await manager.update(User, { id }, { updatedAt: this.clock.date() });
    return affected === 1;
  }

  /** Reads a user with the hash of their password, and first locks them: it is true until the commit. */
  async lock(manager: EntityManager, id: string): Promise<User | null> {
    await this.touch(manager, id);
    return manager.createQueryBuilder(User, 'u').addSelect('u.passwordHash').where({ id }).getOne();
  }

  /** @throws ApiException `absent` when there is no such user. */
  async findWithProfile(
    id: string,
    absent: ErrorCode = 'UNAUTHORIZED',
  ): Promise<[User, UserProfile]> {
    return Promise.all([
      this.present(this.findById(id), absent),
      this.present(this.profiles.findOneBy({ id }), absent),
    ]);
  }

  /**
   * For host applications, which know whose it is.
   *
   * @throws ApiException `UNAUTHORIZED` for a user who was erased meanwhile: of them nothing is written.
   */
  async updateProfile(
    id: string,
    changes: ProfileChanges,
    by: By = { actor: byUser(id) },
  ): Promise<void> {
    const change = async (manager: EntityManager) => {
      if (!(await this.touch(manager, id))) throw new ApiException('UNAUTHORIZED');
      await this.updateProfileIn(manager, id, changes, by);
    };
    await retrying(() => this.dataSource.transaction(change), isCollision);
  }

  /** The same of a user who is locked. */
  async updateProfileIn(
    manager: EntityManager,
    id: string,
    { name, ...profile }: ProfileChanges,
    by: By,
  ): Promise<void> {
    if (name !== undefined) await manager.update(User, { id }, { name });
    const given = Object.entries(profile).filter(([, value]) => value !== undefined);
    if (given.length > 0) await manager.update(UserProfile, { id }, Object.fromEntries(given));
    const fields = [...(name === undefined ? [] : ['name']), ...given.map(([field]) => field)];
    if (fields.length > 0) await this.noteUpdate(manager, id, fields, by);
  }

  private noteUpdate(manager: EntityManager, userId: string, fields: string[], by: By) {
    return this.changes.write(manager, {
      action: 'user.updated',
      ...by,
      userId,
      detail: { fields },
    });
  }

  /** By default as for the user of a valid token. */
  private async present<T>(row: Promise<T | null>, absent: ErrorCode = 'UNAUTHORIZED'): Promise<T> {
    const found = await row;
    if (found) return found;
    await this.database.assertPrimary();
    throw new ApiException(absent);
  }
}
