import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import { Env } from '../config/env';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import type { SessionRef } from '../sessions/session.entity';
import type { RefreshableSession } from './refresh.queries';
import { type RefreshClient, RefreshClientsService } from './refresh-clients.service';

/** Tells retries, whose answers were lost, from the reuse of spent refresh tokens. */
@Injectable()
export class RefreshRetriesService {
  constructor(
    private readonly clients: RefreshClientsService,
    private readonly clock: Clock,
    private readonly env: Env,
  ) {}

  /**
   * What a spent token was exchanged for, if the client that exchanged it asks again: at any time while the successor was
   * never presented, for a phone may be without signal; in the grace after it was, for another tab may have done it.
   *
   * @returns null for anything else, which is reuse.
   */
  successorOf(
    { generation }: RefreshPrincipal,
    session: RefreshableSession,
    client: RefreshClient,
  ): SessionRef | null {
    const rotations = session.generation - generation;
    const isRetry = rotations === 1 || (rotations === 2 && this.isInGrace(session));
    if (!isRetry || !this.hasRotated(session, client)) return null;
    return rotations === 1 ? session : generationBefore(session);
  }

  /** Whether the last rotation was by this client. */
  hasRotated(session: RefreshableSession, client: RefreshClient): boolean {
    const leftTrace = session.refreshKey !== null || session.rotatedFrom !== null;
    // The version before this one left none, and had the grace for everybody.
    return leftTrace ? this.clients.isSame(session, session.id, client) : this.isInGrace(session);
  }

  private isInGrace({ rotatedAt }: RefreshableSession): boolean {
    return this.clock.now() - rotatedAt!.getTime() <= this.env.REFRESH_GRACE * 1000;
  }
}

function generationBefore(session: RefreshableSession): SessionRef | null {
  const { previousRotatedAt: issuedAt, generation } = session;
  return issuedAt && { ...session, generation: generation - 1, issuedAt };
}
