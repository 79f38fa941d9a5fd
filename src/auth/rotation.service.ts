import { Injectable } from '@nestjs/common';
import { RedactingLogger } from '../common/redacting-logger';
import { Clock } from '../common/clock';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { ActivityService } from '../sessions/activity.service';
import { SessionsService } from '../sessions/sessions.service';
import { DatabaseService } from '../storage/database.service';
import { type RefreshableSession, RefreshQueries } from './refresh.queries';
import type { SessionRef } from '../sessions/session.entity';

/** Decides whether a genuine refresh token still refreshes its session, and rotates it where rotation is on. */
@Injectable()
export class RotationService {
  private readonly logger = new RedactingLogger(RotationService.name);

  constructor(
    private readonly activity: ActivityService,
    private readonly clock: Clock,
    private readonly database: DatabaseService,
    private readonly env: Env,
    private readonly sessions: SessionsService,
    private readonly queries: RefreshQueries,
  ) {}

  /**
   * The session of the token, one generation on when rotation is on.
   *
   * @throws ApiException `WRONG_REFRESH_TOKEN` or `USER_DISABLED`.
   */
  async sessionOf(token: RefreshPrincipal): Promise<SessionRef> {
    const session = await (this.env.REFRESH_ROTATION
      ? this.rotate(token)
      : this.findCurrent(token));
    if (session) return session;
    await this.database.assertPrimary();
    throw new ApiException('WRONG_REFRESH_TOKEN');
  }

  private async rotate(token: RefreshPrincipal): Promise<SessionRef | null> {
    const issuedAt = await this.queries.advance(token);
    if (!issuedAt) return this.afterRotation(token);
    const { sessionId: id, userId, generation, expiresAt } = token;
    return { id, userId, generation: generation + 1, issuedAt, expiresAt };
  }

  /** A retry of the newest rotated token gets the same successor; anything older is reuse and ends the session. */
  private async afterRotation(token: RefreshPrincipal): Promise<SessionRef | null> {
    const session = await this.findLive(token);
    if (!session || this.isRetry(session, token)) return session;
    if (token.generation < session.generation) {
      this.logger.warn(`Refresh token reuse: ending session ${session.id}`);
      await this.sessions.end(token, 'reuse');
    }
    return null;
  }

  private async findCurrent(token: RefreshPrincipal): Promise<SessionRef | null> {
    const session = await this.findLive(token);
    // Rotation may have been switched off before the last successor was delivered: a retry still gets it.
    const isCurrent = session?.generation === token.generation;
    if (!session || (!isCurrent && !this.isRetry(session, token))) return null;
    this.activity.touch(session.id);
    return session;
  }

  private isRetry(
    { generation, rotatedAt }: RefreshableSession,
    presented: RefreshPrincipal,
  ): boolean {
    const graceMs = this.env.REFRESH_GRACE * 1000;
    const isNewestRotated = presented.generation === generation - 1;
    return isNewestRotated && this.clock.now() - rotatedAt!.getTime() <= graceMs;
  }

  /** @throws ApiException `USER_DISABLED`. */
  private async findLive(token: RefreshPrincipal): Promise<RefreshableSession | null> {
    const grant = await this.queries.findGrant(token);
    if (grant && grant.status !== 'active') throw new ApiException('USER_DISABLED');
    return grant?.session ?? null;
  }
}
