import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, LessThanOrEqual } from 'typeorm';
import { BY_SYSTEM } from '../../audit/change';
import { Clock } from '../../common/clock';
import { ApiException } from '../../common/errors';
import { RedactingLogger } from '../../common/redacting-logger';
import { LeasedJobsService } from '../../events/leased-jobs.service';
import { orWarn } from '../../observability/or-warn';
import { BATCH } from '../../storage/batches';
import { TANDEM } from '../../storage/tandem';
import { MobileChange, type MobileChangeState } from '../../users/mobile-change.entity';
import { MobileChangesService } from './mobile-changes.service';
import { NumberMovesService } from './number-moves.service';

const LOOK_MS = 10_000;

/** What a state becomes whose time is over. */
const AFTER = {
  open: 'cancelled',
  ordered: 'cancelled',
  moved: 'confirmed',
  undone: 'reverted',
  claimed: 'cancelled',
} as const satisfies Partial<Record<MobileChangeState, MobileChangeState>>;
type After = (typeof AFTER)[keyof typeof AFTER];

/** Moves the numbers that have waited, and frees those that were kept long enough, on one node at a time. */
@Injectable()
export class MobileChangeJobsService {
  private readonly logger = new RedactingLogger(MobileChangeJobsService.name);

  constructor(
    private readonly clock: Clock,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    private readonly changes: MobileChangesService,
    private readonly moves: NumberMovesService,
    jobs: LeasedJobsService,
  ) {
    jobs.every('changes of number', LOOK_MS, () => this.workOff());
  }

  /** One that fails keeps no other from it. */
  async workOff(): Promise<void> {
    const due = await this.dataSource.manager.find(MobileChange, {
      where: { dueAt: LessThanOrEqual(this.clock.date()) },
      order: { dueAt: 'ASC' },
      take: BATCH,
    });
    for (const change of due) {
      await orWarn(this.logger, 'Change of number is not over yet', () => this.settle(change));
    }
  }

  private async settle(change: MobileChange): Promise<void> {
    const after: After | undefined = AFTER[change.state as keyof typeof AFTER];
    if (after) return this.end(change, after, 'lapsed');
    try {
      await this.changes.moveDue(change);
    } catch (error) {
      const code = error instanceof ApiException ? error.errorCode : undefined;
      // The user was disabled or has got a role or another number: it is not theirs to move any more.
      if (code === 'NOT_FOUND') await this.end(change, 'cancelled', 'overtaken');
      else if (code !== 'MOBILE_TAKEN') throw error;
    }
  }

  private end({ id, state }: MobileChange, after: After, reason: string): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const { change } = await this.moves.lock(manager, id, state);
      if (+change.dueAt! > this.clock.now()) return;
      await this.moves.close(manager, change, after, { ...BY_SYSTEM, reason });
    });
  }
}
