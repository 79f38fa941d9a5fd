import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, type EntityManager, IsNull, MoreThan, Repository } from 'typeorm';
import { ApiException } from '../common/errors';
import { type E164, maskMobile } from '../common/phone-number';
import { Snowflake } from '../common/snowflake';
import { duplicateKey } from '../storage/sql-errors';
import { PasswordsService } from './passwords.service';
import { User } from './user.entity';
import { UserProfile } from './user-profile.entity';

/** Milliseconds for which a number counts as verified: after 90 days it may have changed hands. */
const VERIFICATION_LASTS = 90 * 86_400_000;

type ProfileChanges = Partial<Omit<UserProfile, 'id'>> & { name?: string };

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(UserProfile) private readonly profiles: Repository<UserProfile>,
    private readonly dataSource: DataSource,
    private readonly ids: Snowflake,
    private readonly passwords: PasswordsService,
  ) {}

  findById(id: string): Promise<User | null> {
    return this.users.findOneBy({ id });
  }

  findByMobile(mobile: E164): Promise<User | null> {
    return this.users.findOneBy({ mobile });
  }

  /** Whether a code proved within the last 90 days that an active user holds the number. */
  wasVerifiedLately(mobile: E164): Promise<boolean> {
    const verifiedAt = MoreThan(new Date(Date.now() - VERIFICATION_LASTS));
    return this.users.existsBy({ mobile, status: 'active', verifiedAt });
  }

  /**
   * Inserts a user and their profile, in the transaction of their first login.
   *
   * @returns the id of the new user.
   * @throws QueryFailedError on `uq_users_mobile` when a parallel login registered the number.
   */
  async register(manager: EntityManager, mobile: E164): Promise<string> {
    const [id, now] = [this.ids.next(), new Date()];
    await manager.insert(User, {
      id,
      mobile,
      name: maskMobile(mobile),
      status: 'active',
      lastLogin: now,
      verifiedAt: now,
      createdAt: now,
      updatedAt: now,
    });
    await manager.insert(UserProfile, { id });
    return id;
  }

  /**
   * Notes a login. The row stays locked until the transaction ends, so that a user who is being
   * disabled either has this session ended with the others or does not get it.
   *
   * @throws ApiException `USER_DISABLED`.
   */
  async recordLogin(manager: EntityManager, id: string, by: 'code' | 'password'): Promise<void> {
    const active = { id, status: 'active' } as const;
    const lastLogin = new Date();
    const login = { lastLogin, ...(by === 'code' && { verifiedAt: lastLogin }) };
    const { affected } = await manager.update(User, active, login);
    if (affected !== 1) throw new ApiException('USER_DISABLED');
  }

  /**
   * Whether the password is still the one that was checked. Asked after {@link recordLogin}, so that a
   * user who is changing it either has this session ended with the others or does not get it.
   */
  hasPasswordHash(manager: EntityManager, id: string, hash: string | null): Promise<boolean> {
    return manager.existsBy(User, { id, passwordHash: hash ?? IsNull() });
  }

  /** Waits for the logins of the user that are under way. */
  async disable(manager: EntityManager, id: string): Promise<void> {
    await manager.update(User, { id }, { status: 'disabled', updatedAt: new Date() });
  }

  async enable(id: string): Promise<void> {
    await this.users.update({ id }, { status: 'active', updatedAt: new Date() });
  }

  /** The user if `password` is theirs; null for a wrong password as for an unknown username. */
  async findByCredentials(username: string, password: string): Promise<User | null> {
    const user = await this.users.findOne({
      where: { username: username.toLowerCase() },
      select: { id: true, passwordHash: true },
    });
    return (await this.passwords.matches(password, user?.passwordHash)) ? user : null;
  }

  /** @throws ApiException `USERNAME_TAKEN`. */
  async setCredentials(
    manager: EntityManager,
    id: string,
    username: string,
    passwordHash: string,
  ): Promise<void> {
    try {
      const credentials = { username: username.toLowerCase(), passwordHash, updatedAt: new Date() };
      await manager.update(User, { id }, credentials);
    } catch (error) {
      if (duplicateKey(error)?.includes('username')) throw new ApiException('USERNAME_TAKEN');
      throw error;
    }
  }

  async findWithProfile(id: string): Promise<[User, UserProfile]> {
    return Promise.all([this.users.findOneByOrFail({ id }), this.profiles.findOneByOrFail({ id })]);
  }

  async updateProfile(id: string, { name, ...profile }: ProfileChanges): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.update(
        User,
        { id },
        { ...(name !== undefined && { name }), updatedAt: new Date() },
      );
      const given = Object.entries(profile).filter(([, value]) => value !== undefined);
      if (given.length > 0) await manager.update(UserProfile, { id }, Object.fromEntries(given));
    });
  }
}
