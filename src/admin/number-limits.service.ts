import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ChangesService } from '../audit/changes.service';
import { LimiterService, type Usage } from '../codes/limiter.service';
import type { LimitName } from '../codes/limits';
import { subjectOfNumber } from '../codes/limit-subjects';
import type { E164 } from '../common/phone-number';
import { DevicesService } from '../sessions/devices.service';
import { atomically } from '../storage/queries';
import { TANDEM } from '../storage/tandem';
import { PrivilegesService } from '../users/privileges.service';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import type { Operator } from './operator';

export interface NumberLimit extends Usage {
  readonly isShared: boolean;
}

const isGuess = (name: LimitName) => name.startsWith('guesses-');

/** What a number has used up of the limits, for operators. */
@Injectable()
export class NumberLimitsService {
  constructor(
    private readonly changes: ChangesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly devices: DevicesService,
    private readonly limiter: LimiterService,
    private readonly privileges: PrivilegesService,
    private readonly users: UsersService,
  ) {}

  /** @throws when the store that counts is away. */
  async list(mobile: E164, user: User | null): Promise<NumberLimit[]> {
    const devices = user ? await this.devices.list(user.id) : [];
    const deviceIds = devices.map(({ id }) => id);
    const subject = subjectOfNumber({ mobile, userId: user?.id, deviceIds });
    const usages = await Promise.all(subject.charges.map((one) => this.limiter.usageOf(one)));
    return usages.flat().map((usage) => ({ ...usage, isShared: subject.isShared(usage.bucket) }));
  }

  /**
   * Begins the limits of a number anew, but for those of others, too.
   *
   * @returns which were lifted.
   * @throws ApiException `FORBIDDEN` for the number of a user with roles; `TOO_MANY_REQUESTS` when it has wrong codes, and they were forgiven twice today; nothing is lifted.
   */
  async lift(mobile: E164, operator: Operator): Promise<LimitName[]> {
    const user = await this.users.findByMobile(mobile);
    if (user) this.privileges.assertMayActOn(user, operator);
    const limits = await this.list(mobile, user);
    const used = limits.filter((one) => !one.isShared && one.used > 0);
    const names = [...new Set(used.map(({ name }) => name))];
    if (names.some(isGuess)) await this.limiter.take({ 'guess-lifts-per-number': mobile });
    const { actor, origin } = operator;
    const about = user ? { userId: user.id } : { mobile };
    // On record first: a limit that was lifted without a trace would be worse than one that was not.
    await atomically(this.dataSource, {
      ...this.changes.tell({
        action: 'limits.lifted',
        actor,
        origin,
        ...about,
        detail: { limits: names },
      }),
    });
    for (const { name, bucket } of used) await this.limiter.reset({ [name]: bucket });
    return names;
  }
}
