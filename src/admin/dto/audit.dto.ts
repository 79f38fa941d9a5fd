import { IsIn, IsOptional, Matches, MaxLength } from 'class-validator';
import { type Action, ACTIONS } from '../../audit/actions';
import type { AuditEvent } from '../../audit/audit-event.entity';
import { Doc } from '../../contract/docs';
import { TimesQueryDto } from './page.dto';
import { DeliveryDto } from './sms.dto';

const ID = /^[1-9]\d{0,18}$/;
const USES = ['refreshed', 'last_used'] as const;

export class AuditQueryDto extends TimesQueryDto {
  @Doc('Only what is about this user.')
  @IsOptional()
  @Matches(ID, { message: 'user must be the id of a user' })
  user?: string;

  @Doc({ enum: ACTIONS })
  @IsOptional()
  @IsIn(ACTIONS)
  action?: Action;

  @Doc('Only what is about this number, where it was nobody’s.')
  @IsOptional()
  @MaxLength(64)
  number_ref?: string;
}

export class AuditEventDto {
  @Doc()
  id!: string;
  @Doc()
  at!: Date;
  @Doc()
  action!: string;
  @Doc({ enum: ['user', 'operator', 'service', 'cli', 'system', 'anonymous'] })
  actor_kind!: string;
  @Doc({ type: String, nullable: true })
  actor_id!: string | null;
  @Doc({ type: String, nullable: true })
  user_id!: string | null;
  @Doc({ type: String, nullable: true })
  session_id!: string | null;
  @Doc({ type: String, nullable: true })
  reason!: string | null;
  @Doc('Of settings and webhooks for admins alone.', {
    type: 'object',
    additionalProperties: true,
    nullable: true,
  })
  detail!: object | null;
  @Doc('Made coarse; null for viewers.', { type: String, nullable: true })
  network!: string | null;
  @Doc({ type: String, nullable: true })
  number_ref!: string | null;
  @Doc({ type: String, nullable: true })
  request_id!: string | null;

  static of(event: AuditEvent, detail: object | null): AuditEventDto {
    const { network = null } = JSON.parse(event.personal ?? '{}') as { network?: string };
    return {
      id: event.id,
      at: event.at,
      action: event.action,
      actor_kind: event.actorKind,
      actor_id: event.actorId,
      user_id: event.userId,
      session_id: event.sessionId,
      reason: event.reason,
      detail,
      network,
      number_ref: event.numberRef,
      request_id: event.requestId,
    };
  }
}

export class AuditPageDto {
  @Doc({ type: [AuditEventDto] })
  events!: AuditEventDto[];
  @Doc('Whether there are more: ask again with the last id as `after`.')
  has_more!: boolean;
}

export class SessionUseDto {
  @Doc()
  session_id!: string;
  @Doc({ type: String, nullable: true })
  device!: string | null;
  @Doc(
    '`refreshed`: its refresh token was rotated then. `last_used`: its last refresh or request was in the quarter of an hour that began then.',
    { enum: USES },
  )
  kind!: (typeof USES)[number];
}

/** What happened to a user: one of the three. */
export class MomentDto {
  @Doc('For `after`.')
  id!: string;
  @Doc()
  at!: Date;
  @Doc({ required: false })
  event?: AuditEventDto;
  @Doc({ required: false })
  delivery?: DeliveryDto;
  @Doc('The last refreshes of a session: the others are not on record.', { required: false })
  use?: SessionUseDto;
}

export class TimelineDto {
  @Doc({ type: [MomentDto] })
  moments!: MomentDto[];
  @Doc('Whether there are more: ask again with the last id as `after`.')
  has_more!: boolean;
}

export class SealsDto {
  @Doc('Those that were looked at.', { type: 'integer' })
  seals!: number;
  @Doc('Rows under them.', { type: 'integer' })
  events!: number;
  @Doc('Rows that wait for a seal.', { type: 'integer' })
  unsealed!: number;
  @Doc('What does not fit, if anything.', { type: String, nullable: true })
  broken!: string | null;
}
