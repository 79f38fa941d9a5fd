import { Injectable } from '@nestjs/common';
import { maskedTarget } from '../codes/blocks/block-target';
import { BlocksService, type BlockScope } from '../codes/blocks/blocks.service';
import { ApiException } from '../common/errors';
import { MonitorPausesService } from '../sms/monitor-pauses.service';
import type { PauseDto } from './dto/sms.dto';
import type { Operator } from './operator';
import { TargetRefsService } from './target-refs.service';

/** Of blocks: those that only keep messages back. */
const SCOPES: readonly BlockScope[] = ['messages', 'strangers'];

/** Pauses of messages, whoever made them. */
@Injectable()
export class PausesService {
  constructor(
    private readonly blocks: BlocksService,
    private readonly monitor: MonitorPausesService,
    private readonly refs: TargetRefsService,
  ) {}

  /** Numbers among them are masked. */
  async list(): Promise<PauseDto[]> {
    const pauses = await this.all();
    return pauses.map((pause) => ({ ...pause, target: maskedTarget(pause.target) }));
  }

  /** @throws ApiException `NOT_FOUND`. */
  async lift(ref: string, { actor, origin }: Operator): Promise<void> {
    const pause = (await this.all()).find(({ scope }) => scope === ref);
    if (!pause) throw new ApiException('NOT_FOUND');
    const { target, by, everybody } = pause;
    const scope = everybody ? 'messages' : 'strangers';
    if (by === 'operator') await this.blocks.remove(target, { actor, origin }, scope);
    else await this.monitor.lift(target, { actor, origin });
  }

  private async all(): Promise<PauseDto[]> {
    const [byOperators, byMonitor] = await Promise.all([
      this.blocks.list(SCOPES),
      this.monitor.list(),
    ]);
    return [
      ...byOperators.map((block) => ({
        scope: this.refs.refOf(block),
        target: block.target,
        by: 'operator' as const,
        everybody: block.scope === 'messages',
        expires_at: block.expiresAt,
      })),
      ...byMonitor.map(({ prefix }) => ({
        scope: this.refs.refOf({ target: `${prefix}*`, scope: 'monitor' }),
        target: `${prefix}*`,
        by: 'monitor' as const,
        everybody: false,
        expires_at: null,
      })),
    ];
  }
}
