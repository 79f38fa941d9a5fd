import { Between, In, IsNull, Not } from 'typeorm';
import { BY_SYSTEM } from '../../../src/audit/change';
import { ErasureService } from '../../../src/auth/deletion/erasure.service';
import { MobileChangeJobsService } from '../../../src/auth/mobile-changes/mobile-change-jobs.service';
import { OrderedChangesService } from '../../../src/auth/mobile-changes/ordered-changes.service';
import { ReleasedNumbersService } from '../../../src/auth/recycled-numbers/released-numbers.service';
import type { E164 } from '../../../src/common/phone-number';
import { MobileChange } from '../../../src/users/mobile-change.entity';
import { User } from '../../../src/users/user.entity';
import type { TestApp } from '../test-app';

const DAY_MS = 86_400_000;

/** What neither of them does: time passes, and operators and carriers have their say. */
export class Fate {
  constructor(private readonly app: TestApp) {}

  async release(mobile: string): Promise<void> {
    await this.app.nest.get(ReleasedNumbersService).release([mobile as E164], BY_SYSTEM);
  }

  async order(account: string, mobile: string): Promise<void> {
    const orders = this.app.nest.get(OrderedChangesService);
    await orders.order(account, mobile as E164, BY_SYSTEM).catch(() => undefined);
  }

  /** What waits for days is due, and done; nobody is erased sooner who is kept for months. */
  async letAWeekPass(accounts: readonly string[]): Promise<void> {
    const [userId, past, now] = [In(accounts), new Date(0), Date.now()];
    const changes = this.app.sql.getRepository(MobileChange);
    const waits = { userId, dueAt: Not(IsNull()), state: Not('claimed' as const) };
    await changes.update(waits, { dueAt: past });
    const claims = { userId, state: 'claimed' as const };
    await changes.update(claims, { createdAt: new Date(now - 8 * DAY_MS) });
    const deletionAt = Between(new Date(now), new Date(now + 30 * DAY_MS));
    await this.app.sql.getRepository(User).update({ id: userId, deletionAt }, { deletionAt: past });
    await this.app.nest.get(MobileChangeJobsService).workOff();
    await this.app.nest.get(ErasureService).eraseDue();
  }

  /** Nobody proves a number for a hundred days, nor sets a password. */
  async keepAway(accounts: readonly string[]): Promise<void> {
    const [id, then] = [In(accounts), new Date(Date.now() - 100 * DAY_MS)];
    const users = this.app.sql.getRepository(User);
    await users.update({ id, mobile: Not(IsNull()) }, { verifiedAt: then });
    await users.update({ id, passwordSetAt: Not(IsNull()) }, { passwordSetAt: then });
  }
}
