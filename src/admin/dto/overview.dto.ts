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
  @Doc('When it was counted.')
  at!: Date;
  @Doc({ type: [OverviewStepDto] })
  steps!: OverviewStepDto[];
  @Doc('Seconds until half of the last 1,000 messages with a receipt were delivered.', {
    type: Number,
    nullable: true,
  })
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
  @Doc({ type: [JobDto] })
  jobs!: JobDto[];
}
