import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { ActivityService } from '../sessions/activity.service';
import { SessionsService } from '../sessions/sessions.service';
import { DatabaseService } from '../storage/database.service';
import { type RefreshableSession, RefreshStatements } from './refresh-statements';
import type { SessionRef } from '../sessions/session.entity';

/** Decides what a genuine refresh token still gets. */
@Injectable()
export class RefreshService {
  private readonly logger = new Logger(RefreshService.name);

  constructor(
    private readonly activity: ActivityService,
    private readonly clock: Clock,
    private readonly database: DatabaseService,
    private readonly env: Env,
    private readonly sessions: SessionsService,
    private readonly statements: RefreshStatements,
  ) {}

  /**
   * The session of the token, one generation on when rotation is on.
   *
   * @throws ApiException `WRONG_REFRESH_TOKEN` or `USER_DISABLED`.
   */
  async redeem(token: RefreshPrincipal): Promise<SessionRef> {
    const session = await (this.env.REFRESH_ROTATION
      ? this.rotate(token)
      : this.findCurrent(token));
    if (session) return session;
    await this.database.assertPrimary();
    throw new ApiException('WRONG_REFRESH_TOKEN');
  }

  private async rotate(token: RefreshPrincipal): Promise<SessionRef | null> {
    const issuedAt = await this.statements.advance(token);
    if (!issuedAt) return this.afterRotation(token);
    const { sessionId: id, userId, generation, expiresAt } = token;
    return { id, userId, generation: generation + 1, issuedAt, expiresAt };
  }

  /** A retry of the newest spent token gets the same successor; anything older is reuse and ends the session. */
  private async afterRotation(token: RefreshPrincipal): Promise<SessionRef | null> {
    const session = await this.findLive(token);
    if (!session || this.isRetry(session, token)) return session;
    if (token.generation < session.generation) {
      this.logger.warn(`A spent refresh token was used again: session ${session.id} ends`);
      await this.sessions.end(token, 'reuse');
    }
    return null;
  }

  private async findCurrent(token: RefreshPrincipal): Promise<SessionRef | null> {
    const session = await this.findLive(token);
    // When rotation was switched off between the last successor and its delivery, it is still to be had.
    const isCurrent = session?.generation === token.generation;
    if (!session || (!isCurrent && !this.isRetry(session, token))) return null;
    this.activity.touch(session.id);
    return session;
  }

  private isRetry(
    { generation, rotatedAt }: RefreshableSession,
    presented: RefreshPrincipal,
  ): boolean {
    const grace = this.env.REFRESH_GRACE * 1000;
    const isNewestSpent = presented.generation === generation - 1;
    return isNewestSpent && this.clock.now() - rotatedAt!.getTime() <= grace;
  }

  /** @throws ApiException `USER_DISABLED`. */
  private async findLive(token: RefreshPrincipal): Promise<RefreshableSession | null> {
    const grant = await this.statements.findGrant(token);
    if (grant && grant.status !== 'active') throw new ApiException('USER_DISABLED');
    return grant?.session ?? null;
  }
}
