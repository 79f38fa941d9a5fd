import { Doc } from '../../contract/docs';
import { IsIn, IsOptional } from 'class-validator';
import { END_REASONS, type EndReason, type Session } from '../../sessions/session.entity';
import type { ShownTimes } from '../../sessions/shown-times';

export class ListSessionsDto {
  @Doc('`true` lists the sessions that have ended.', { enum: ['true', 'false'] })
  @IsOptional()
  @IsIn(['true', 'false'])
  ended?: 'true' | 'false';
}

export class SessionDto {
  @Doc({ example: '884142313217933312' })
  id!: string;
  @Doc('Whether this request belongs to it.')
  current!: boolean;
  @Doc({ example: 'Chrome on Android', type: String, nullable: true })
  device!: string | null;
  @Doc('Where the login came from, made coarse.', { example: '203.0.113.0/24' })
  network!: string;
  @Doc()
  created_at!: Date;
  @Doc('To the quarter hour.')
  last_used_at!: Date;
  @Doc(
    'When it has ended by itself: at the end of its refresh token, or before that, to the quarter hour, when it is not used until then.',
  )
  expires_at!: Date;
  @Doc({ type: Date, nullable: true })
  ended_at!: Date | null;
  @Doc({ enum: [...END_REASONS, null], nullable: true })
  end_reason!: EndReason | null;

  static of(session: Session, shown: ShownTimes, currentId: string): SessionDto {
    return {
      id: session.id,
      current: session.id === currentId,
      device: session.device,
      network: session.network,
      created_at: session.createdAt,
      last_used_at: shown.lastUsedAt,
      expires_at: shown.expiresAt,
      ended_at: session.endedAt,
      end_reason: session.endReason,
    };
  }
}
