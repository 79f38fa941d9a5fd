import { Injectable } from '@nestjs/common';
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm';
import { DataSource, type EntityManager, Repository } from 'typeorm';
import { Clock } from '../common/clock';
import { ApiException, type ErrorCode } from '../common/errors';
import { type E164, maskMobile } from '../common/phone-number';
import { Snowflake } from '../common/snowflake';
import { Env } from '../config/env';
import { DatabaseService } from '../storage/database.service';
import { nameIn, rowsOf, select } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { insertion, type Integer, type Sql, sql } from '../storage/sql';
import { duplicateKey, isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { PasswordPolicyService } from './password-policy.service';
import { User } from './user.entity';
import { UserProfile } from './user-profile.entity';

/** After 90 days without a login by code a number may have changed hands. */
const VERIFICATION_LASTS_MS = 90 * 86_400_000;

/** What is undefined stays as it is; null clears a field. */
export type ProfileChanges = Partial<Omit<UserProfile, 'id'>> & { name?: string };

/** What a number is to who asks for its code. */
export interface NumberTie {
  /** Whether it is a user's, since `KNOWN_AFTER` at least: nobody becomes one in a minute. */
  readonly isKnown: boolean;
  /** Whether it was verified from the network that is asking. */
  readonly isHome: boolean;
}

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User, TANDEM) private readonly users: Repository<User>,
    @InjectRepository(UserProfile, TANDEM) private readonly profiles: Repository<UserProfile>,
    private readonly clock: Clock,
    private readonly database: DatabaseService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly env: Env,
    private readonly ids: Snowflake,
    private readonly policy: PasswordPolicyService,
  ) {}

  findById(id: string): Promise<User | null> {
    return this.users.findOneBy({ id });
  }

  findByMobile(mobile: E164): Promise<User | null> {
    return this.users.findOneBy({ mobile });
  }

  /**
   * What ties a number to a caller: whether an active user has it for some days, proved it within the last 90, and from where.
   *
   * @param network as `coarseNetwork` names it.
   */
  async tieOf(mobile: E164, network: string): Promise<NumberTie> {
    const now = this.clock.now();
    const [since, before] = [now - VERIFICATION_LASTS_MS, now - this.env.KNOWN_AFTER * 1000];
    const [users, sessions] = [
      nameIn(this.dataSource, 'users'),
      nameIn(this.dataSource, 'sessions'),
    ];
    const [row] = await select(
      this.dataSource,
      rowsOf<{ home: Integer }>(sql`SELECT EXISTS (
          SELECT 1 FROM ${sessions} s WHERE s.user_id = u.id AND s.network = ${network}
          AND s.challenge_id IS NOT NULL AND s.created_at > ${since}) AS home
        FROM ${users} u WHERE u.mobile = ${mobile} AND u.status = 'active'
        AND u.verified_at > ${since} AND u.created_at <= ${before}`),
    );
    return { isKnown: row !== undefined, isHome: Number(row?.home ?? 0) === 1 };
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
      created_at: now,
      updated_at: now,
    });
    return { id, user, profile: insertion(nameIn(this.dataSource, 'user_profiles'), { id }) };
  }

  /** Waits for the logins of the user that are under way. */
  async disable(manager: EntityManager, id: string): Promise<void> {
    await manager.update(User, { id }, { status: 'disabled', updatedAt: this.clock.date() });
  }

  async enable(id: string): Promise<void> {
    await this.users.update({ id }, { status: 'active', updatedAt: this.clock.date() });
  }

  /** @throws ApiException `VALIDATION_FAILED` for a password that others would guess. */
  async refuseGuessable(id: string, username: string, password: string): Promise<void> {
    const { mobile } = await this.present(this.findById(id));
    const message = this.policy.problemsOf(password, username, mobile);
    if (message.length > 0) throw new ApiException('VALIDATION_FAILED', { message });
  }

  /** @throws ApiException `USERNAME_TAKEN`. */
  async setCredentials(
    manager: EntityManager,
    id: string,
    username: string,
    passwordHash: string,
  ): Promise<void> {
    try {
      const credentials = {
        username: username.toLowerCase(),
        passwordHash,
        updatedAt: this.clock.date(),
      };
      await manager.update(User, { id }, credentials);
    } catch (error) {
      if (duplicateKey(error)?.endsWith('username')) throw new ApiException('USERNAME_TAKEN');
      throw error;
    }
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

  async updateProfile(id: string, { name, ...profile }: ProfileChanges): Promise<void> {
    const change = async (manager: EntityManager) => {
      const user = { ...(name !== undefined && { name }), updatedAt: this.clock.date() };
      await manager.update(User, { id }, user);
      const given = Object.entries(profile).filter(([, value]) => value !== undefined);
      if (given.length > 0) await manager.update(UserProfile, { id }, Object.fromEntries(given));
    };
    await retrying(() => this.dataSource.transaction(change), isDeadlock);
  }

  /** By default as for the user of a valid token. */
  private async present<T>(row: Promise<T | null>, absent: ErrorCode = 'UNAUTHORIZED'): Promise<T> {
    const found = await row;
    if (found) return found;
    await this.database.assertPrimary();
    throw new ApiException(absent);
  }
}
