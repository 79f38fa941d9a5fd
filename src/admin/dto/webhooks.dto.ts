import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { IsTime } from '../../common/time.decorator';
import { Doc } from '../../contract/docs';
import { EVENT_TYPES, type EventType } from '../../events/event-types';
import { CALL_FAILURES, type CallFailure } from '../../webhooks/calls/call-failure';

const TYPES = ['*', ...EVENT_TYPES];

export class NewWebhookDto {
  @Doc('https:, without a user, password or fragment.', {
    example: 'https://hooks.example.com/tandem',
  })
  @IsString()
  @MaxLength(500)
  url!: string;

  @Doc('Types of events, or `*`.', { isArray: true, enum: TYPES, example: ['user.created'] })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(TYPES.length)
  @IsIn(TYPES, { each: true })
  events!: string[];
}

export class WebhookDto {
  @Doc({ example: '7264520012345678901' })
  id!: string;

  @Doc()
  url!: string;

  @Doc({ isArray: true, enum: TYPES })
  events!: string[];

  @Doc('Whether it gets full numbers; only the command line can say so.')
  pii!: boolean;

  @Doc({ enum: ['enabled', 'disabled'] })
  status!: 'enabled' | 'disabled';

  @Doc('`gone`: it answered 410. `failing`: it failed for five days.', {
    enum: ['gone', 'failing', null],
    nullable: true,
  })
  disabled_reason!: 'gone' | 'failing' | null;

  @Doc({ type: 'string', format: 'date-time', nullable: true })
  disabled_at!: Date | null;

  @Doc('Since when every attempt fails.', { type: 'string', format: 'date-time', nullable: true })
  failing_since!: Date | null;

  @Doc()
  created_at!: Date;
}

export class AddedWebhookDto extends WebhookDto {
  @Doc('Verifies what it gets, by the libraries of Standard Webhooks. It is shown this once.', {
    example: 'whsec_bWFkZSBvZiAzMiBieXRlcyB0aGF0IG5vYm9keSBrbm93cyE=',
  })
  secret!: string;
}

export class WebhookAttemptDto {
  @Doc()
  id!: string;

  @Doc('The `webhook-id`.', { example: 'evt_7264520012345678901' })
  event!: string;

  @Doc({ enum: EVENT_TYPES })
  type!: EventType;

  @Doc({ type: 'integer' })
  attempt!: number;

  @Doc('Whether an operator asked for it.')
  is_replay!: boolean;

  @Doc('Null once it was made.', { type: 'string', format: 'date-time', nullable: true })
  due_at!: Date | null;

  @Doc({ type: 'string', format: 'date-time', nullable: true })
  made_at!: Date | null;

  @Doc('Of the answer, whose body is not kept.', { type: 'integer', nullable: true })
  status!: number | null;

  @Doc('Null when the answer was 2xx.', { enum: CALL_FAILURES, nullable: true })
  failure!: CallFailure | null;

  @Doc({ type: 'integer', nullable: true })
  milliseconds!: number | null;
}

export class WebhookAttemptsDto {
  @Doc({ type: [WebhookAttemptDto] })
  attempts!: WebhookAttemptDto[];

  @Doc('Whether there are older ones: `after` is the id of the last one here.')
  has_more!: boolean;
}

export class AttemptsQueryDto {
  @Doc('The id of the last attempt that is known.')
  @IsOptional()
  @Matches(/^[1-9]\d{0,18}$/)
  after?: string;
}

export class ReplayDto {
  @Doc('One event.', { example: 'evt_7264520012345678901' })
  @IsOptional()
  @Matches(/^evt_[1-9]\d{0,18}$/)
  event?: string;

  @Doc('Or those since a time that it wants, the oldest 10,000 at most.', {
    example: '2026-11-29T12:00:00Z',
  })
  @IsOptional()
  @IsTime()
  since?: string;

  @Doc('Until when, after `since`; now unless given.', { example: '2026-11-29T13:00:00Z' })
  @IsOptional()
  @IsTime()
  until?: string;
}

export class ReplayedDto {
  @Doc('How many it will be told of.', { type: 'integer' })
  events!: number;

  @Doc('From when to replay those that were too many; null when all will be told.', {
    type: 'string',
    format: 'date-time',
    nullable: true,
  })
  next!: Date | null;
}

export class TestedDto {
  @Doc({ type: 'integer', nullable: true })
  status!: number | null;

  @Doc('Null when the answer was 2xx.', { enum: CALL_FAILURES, nullable: true })
  failure!: CallFailure | null;

  @Doc({ type: 'integer' })
  milliseconds!: number;
}
