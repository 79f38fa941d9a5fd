import { IsIn, IsOptional } from 'class-validator';
import { Doc } from '../../contract/docs';
import { PauseDto } from './sms.dto';

export const RANGES = ['1h', '24h', '30d'] as const;
export type Range = (typeof RANGES)[number];

export class OverviewQueryDto {
  @Doc('How far it looks back; 24h unless it is given.', { enum: RANGES })
  @IsOptional()
  @IsIn(RANGES)
  range: Range = '24h';
}

/** What happened in a part of the range. */
export class OverviewStepDto {
  @Doc('When it begins.')
  from!: Date;
  @Doc({ type: 'integer' })
  logins!: number;
  @Doc({ type: 'integer' })
  first_logins!: number;
  @Doc('Codes and notices that a provider took.', { type: 'integer' })
  sent!: number;
  @Doc('Of these, codes that somebody logged in with.', { type: 'integer' })
  used!: number;
}

export class RefusalsDto {
  @Doc({ example: 'login.refused' })
  action!: string;
  @Doc({ example: 'INVALID_CODE' })
  reason!: string;
  @Doc({ type: 'integer' })
  count!: number;
}

export class BudgetDto {
  @Doc('A country, or `*` for all of them together.', { example: '*' })
  scope!: string;
  @Doc('Of a day, in the currency of the prices.')
  budget!: number;
  @Doc('Today (UTC).')
  spent!: number;
  @Doc('What may be spent at this moment: a budget flows in all day.')
  left!: number;
  @Doc('The part of it that whoever nobody knows may spend.')
  left_for_strangers!: number;
}

export class AttackDto {
  @Doc('From where requests are refused, for `POST /admin/blocks`; null for viewers.', {
    type: String,
    nullable: true,
    example: '203.0.113.0/24',
  })
  network!: string | null;
  @Doc('Refusals of the last 15 minutes.', { type: 'integer' })
  refusals!: number;
}

export const ALERTS = [
  'audit_unsealed',
  'budget_spent',
  'events_late',
  'node_silent',
  'redis_away',
  'strangers_spent',
  'versions_differ',
  'webhook_disabled',
  'webhooks_late',
] as const;

export class AlertDto {
  @Doc({ enum: ALERTS })
  kind!: (typeof ALERTS)[number];
  @Doc('A node, a budget, an endpoint; null where it is the service as a whole.', {
    type: String,
    nullable: true,
    example: 'tandem-1',
  })
  subject!: string | null;
  @Doc('Seconds; of a budget, per cent.', { type: 'integer', nullable: true })
  value!: number | null;
}

export class NodeDto {
  @Doc('A random name of the process, as jobs name their holders.')
  id!: string;
  @Doc('Of its machine or container.', { example: 'tandem-1' })
  name!: string;
  @Doc({ example: '0.1.0' })
  version!: string;
  @Doc('`silent` is one that has not written to SQL for half a minute, and did not shut down.', {
    enum: ['up', 'silent'],
  })
  state!: 'up' | 'silent';
  @Doc({ enum: ['unused', 'missing', 'down', 'degraded', 'up'] })
  redis!: string;
  @Doc('Milliseconds that it last waited for SQL.', { type: 'integer' })
  sql_ms!: number;
  @Doc()
  started_at!: Date;
  @Doc()
  seen_at!: Date;
}

export class JobDto {
  @Doc('Work that one node does at a time.', { example: 'audit seals' })
  name!: string;
  @Doc('A random name of the process that does it.')
  holder!: string;
  @Doc()
  held_until!: Date;
}

export class OverviewDto {
  @Doc({ enum: RANGES })
  range!: Range;
  @Doc(
    'When the range was counted: a month every ten minutes; how things stand is told anew after 5 s.',
  )
  at!: Date;
  @Doc({ type: [OverviewStepDto] })
  steps!: OverviewStepDto[];
  @Doc(
    'Seconds until half of those of the newest 1,000 messages were delivered that have a receipt.',
    {
      type: Number,
      nullable: true,
    },
  )
  delivered_median!: number | null;
  @Doc('The same for 95 per cent.', { type: Number, nullable: true })
  delivered_p95!: number | null;
  @Doc('Among the last 700 rows of each action in the range.', { type: [RefusalsDto] })
  refusals!: RefusalsDto[];
  @Doc({ type: [BudgetDto] })
  budgets!: BudgetDto[];
  @Doc({ type: [PauseDto] })
  pauses!: PauseDto[];
  @Doc({ type: [AttackDto] })
  attacks!: AttackDto[];
  @Doc('What somebody should look at.', { type: [AlertDto] })
  alerts!: AlertDto[];
  @Doc('The processes of this installation: 1,000 at most, those first that were heard of last.', {
    type: [NodeDto],
  })
  nodes!: NodeDto[];
  @Doc({ type: [JobDto] })
  jobs!: JobDto[];
}
