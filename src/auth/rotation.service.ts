import { Injectable } from '@nestjs/common';
import { ANONYMOUS } from '../audit/change';
import { originOf } from '../audit/origin';
import { RedactingLogger } from '../common/redacting-logger';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { ActivityService } from '../sessions/activity.service';
import { SessionsService } from '../sessions/sessions.service';
import { DatabaseService } from '../storage/database.service';
import { type RefreshableSession, RefreshQueries } from './refresh.queries';
import { type RefreshClient, RefreshClientsService } from './refresh-clients.service';
import { RefreshRetriesService } from './refresh-retries.service';
import type { SessionRef } from '../sessions/session.entity';

/** Decides whether a genuine refresh token still refreshes its session, and rotates it where rotation is on. */
@Injectable()
export class RotationService {
  private readonly logger = new RedactingLogger(RotationService.name);

  constructor(
    private readonly activity: ActivityService,
    private readonly clients: RefreshClientsService,
    private readonly database: DatabaseService,
    private readonly env: Env,
    private readonly sessions: SessionsService,
    private readonly queries: RefreshQueries,
    private readonly retries: RefreshRetriesService,
  ) {}

  /**
   * The session of the token, one generation on when rotation is on.
   *
   * @throws ApiException `WRONG_REFRESH_TOKEN` or `USER_DISABLED`.
   */
  async sessionOf(token: RefreshPrincipal, client: RefreshClient): Promise<SessionRef> {
    const session = await (this.env.REFRESH_ROTATION
      ? this.rotate(token, client)
      : this.currentOf(token, client));
    if (session) return session;
    await this.database.assertPrimary();
    throw new ApiException('WRONG_REFRESH_TOKEN', { reason: 'session_ended' });
  }

  /**
   * The session of the newest token, or of the one before whose successor the client would still get. Rotates nothing.
   *
   * @throws ApiException `USER_DISABLED`.
   */
  async currentOf(token: RefreshPrincipal, client: RefreshClient): Promise<SessionRef | null> {
    const session = await this.findLive(token);
    if (!session) return null;
    const isCurrent = token.generation === session.generation;
    const found = isCurrent ? session : this.retries.successorOf(token, session, client);
    if (found) this.activity.touch(session.id);
    return found;
  }

  private async rotate(token: RefreshPrincipal, client: RefreshClient): Promise<SessionRef | null> {
    // Nearly nobody has roles: who has none is asked nothing more.
    const successor = await this.advance(token, client, []);
    if (successor) return successor;
    const session = await this.findLive(token);
    if (session?.generation !== token.generation) return this.afterRotation(token, client, session);
    const withRoles = await this.advance(token, client, session.roles);
    return withRoles ?? this.afterRotation(token, client, await this.findLive(token));
  }

  private async advance(
    token: RefreshPrincipal,
    client: RefreshClient,
    roles: readonly string[],
  ): Promise<SessionRef | null> {
    const { sessionId: id, userId, generation, expiresAt } = token;
    const issuedAt = await this.queries.advance(token, this.clients.traceOf(id, client), roles);
    return issuedAt && { id, userId, generation: generation + 1, issuedAt, expiresAt, roles };
  }

  /** A retry of the client that rotated gets the same successor; anything else is reuse and ends the session. */
  private async afterRotation(
    token: RefreshPrincipal,
    client: RefreshClient,
    session: RefreshableSession | null,
  ): Promise<SessionRef | null> {
    if (!session || token.generation >= session.generation) return null;
    const successor = this.retries.successorOf(token, session, client);
    if (!successor) {
      const what = this.retries.hasRotated(session, client) ? 'an old token' : 'another client';
      this.logger.warn(`Refresh token reuse (${what}): ending session ${session.id}`);
      await this.sessions.end(token, {
        reason: 'reuse',
        actor: ANONYMOUS,
        origin: originOf(client),
      });
    }
    return successor;
  }

  /** @throws ApiException `USER_DISABLED`. */
  private async findLive(token: RefreshPrincipal): Promise<RefreshableSession | null> {
    const grant = await this.queries.findGrant(token);
    if (grant && grant.status !== 'active')
      throw new ApiException('USER_DISABLED', { reason: 'disabled' });
    return grant?.session ?? null;
  }
}
