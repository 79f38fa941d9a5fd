import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import type { Principal } from '../contract/current-user.decorator';
import type { Session } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { DatabaseService } from '../storage/database.service';

/** How long after its login, or its last step-up, a session may change what its user logs in with. */
export const RECENT_LOGIN_SECONDS = 10 * 60;

/** Asks for a recent login, or step-up, before a change that would outlast a stolen access token. */
@Injectable()
export class RecentLoginService {
  constructor(
    private readonly clock: Clock,
    private readonly database: DatabaseService,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws ApiException `RECENT_LOGIN_REQUIRED` unless the session lives, and its user proved something in it in the last ten minutes. */
  async assertRecent(principal: Principal): Promise<void> {
    if (!(await this.isRecent(principal))) throw new ApiException('RECENT_LOGIN_REQUIRED');
  }

  /** Whether {@link assertRecent} would let it pass. */
  async isRecent(principal: Principal): Promise<boolean> {
    const session = await this.findLive(principal);
    return this.isRecentProof(session?.provedAt);
  }

  /** @throws ApiException `RECENT_CODE_REQUIRED` unless the session lives, and a code was proved in it in the last ten minutes. */
  async assertRecentCode(principal: Principal): Promise<void> {
    const session = await this.findLive(principal);
    if (!this.isRecentProof(session?.codeProvedAt)) throw new ApiException('RECENT_CODE_REQUIRED');
  }

  /**
   * What a live session has proved in the last ten minutes.
   *
   * @throws ApiException `RECENT_LOGIN_REQUIRED`.
   */
  async recentProof(principal: Principal): Promise<'code' | 'password'> {
    const session = await this.findLive(principal);
    if (this.isRecentProof(session?.codeProvedAt)) return 'code';
    if (this.isRecentProof(session?.provedAt)) return 'password';
    throw new ApiException('RECENT_LOGIN_REQUIRED');
  }

  /** @throws ApiException `UNAUTHORIZED` unless the session lives, as SQL knows. */
  async assertLive(principal: Principal): Promise<void> {
    if (!(await this.findLive(principal))) throw new ApiException('UNAUTHORIZED');
  }

  private async findLive(principal: Principal): Promise<Session | null> {
    const session = await this.sessions.findLive(principal);
    if (!session) await this.database.assertPrimary();
    return session;
  }

  private isRecentProof(provedAt: Date | null = null): boolean {
    return provedAt !== null && +provedAt >= this.clock.now() - RECENT_LOGIN_SECONDS * 1000;
  }
}
