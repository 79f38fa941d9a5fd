import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager, In } from 'typeorm';
import type { By } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import { Clock } from '../../common/clock';
import type { E164 } from '../../common/phone-number';
import { DevicesService } from '../../sessions/devices.service';
import { BATCH } from '../../storage/batches';
import { retrying } from '../../storage/retrying';
import { isCollision } from '../../storage/sql-errors';
import { TANDEM } from '../../storage/tandem';
import { PrivilegesService } from '../../users/privileges.service';
import { USER_STATUSES } from '../../users/reserved-number';
import { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';

/** What became of a list of numbers. */
export interface Released {
  readonly released: number;
  /** Of users with roles, and test numbers. */
  readonly kept: number;
  readonly unknown: number;
}

/** Makes numbers dormant that carriers say were given up: whoever proves one next is asked whose the account is. */
@Injectable()
export class ReleasedNumbersService {
  constructor(
    private readonly changes: ChangesService,
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly devices: DevicesService,
    private readonly privileges: PrivilegesService,
    private readonly users: UsersService,
  ) {}

  /** Done again, as after an outage in the middle of a list, it does the rest. */
  async release(numbers: readonly E164[], by: By): Promise<Released> {
    const all = [...new Set(numbers)];
    let [found, released] = [0, 0];
    for (let start = 0; start < all.length; start += BATCH) {
      const mobile = In(all.slice(start, start + BATCH));
      const status = In([...USER_STATUSES]);
      const users = await this.dataSource.manager.findBy(User, { mobile, status });
      found += users.length;
      for (const user of users) if (await this.releaseOne(user, by)) released += 1;
    }
    return { released, kept: found - released, unknown: all.length - found };
  }

  private releaseOne({ id, mobile }: User, by: By): Promise<boolean> {
    const release = async (manager: EntityManager) => {
      const user = await this.users.lock(manager, id);
      // It has changed hands, or its user has another, since the list was looked at.
      if (!mobile || user?.mobile !== mobile || user.roles.length > 0) return false;
      if (this.privileges.isTestNumber({ mobile })) return false;
      await manager.update(User, { id }, { releasedAt: this.clock.date() });
      await this.devices.endAll(manager, id, by);
      await this.changes.write(manager, { action: 'number.released', ...by, userId: id, mobile });
      return true;
    };
    return retrying(() => this.dataSource.transaction(release), isCollision);
  }
}
