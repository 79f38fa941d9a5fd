import { ApiProperty } from '../../contract/docs';
import { IsIn, IsOptional } from 'class-validator';
import { END_REASONS, type EndReason, type Session } from '../../sessions/session.entity';

export class ListSessionsDto {
  /** `true` lists the sessions that have ended. */
  @IsOptional()
  @IsIn(['true', 'false'])
  ended?: 'true' | 'false';
}

export class SessionDto {
  /** @example "884142313217933312" */
  id!: string;
  /** Whether this request belongs to it. */
  current!: boolean;
  /** @example "Chrome on Android" */
  device!: string | null;
  /** Where the login came from, made coarse. @example "203.0.113.0/24" */
  network!: string;
  created_at!: Date;
  /** Up to two minutes behind. */
  last_used_at!: Date;
  expires_at!: Date;
  ended_at!: Date | null;
  @ApiProperty({ enum: [...END_REASONS, null] })
  end_reason!: EndReason | null;

  static of(session: Session, currentId: string): SessionDto {
    return {
      id: session.id,
      current: session.id === currentId,
      device: session.device,
      network: session.network,
      created_at: session.createdAt,
      last_used_at: session.lastUsedAt,
      expires_at: session.expiresAt,
      ended_at: session.endedAt,
      end_reason: session.endReason,
    };
  }
}
