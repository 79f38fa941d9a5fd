import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import { ApiException } from '../common/errors';
import type { Principal } from '../contract/current-user.decorator';
import { SessionsService } from '../sessions/sessions.service';
import { DatabaseService } from '../storage/database.service';

/** How long after its login a session may change what its user logs in with. */
const RECENT_LOGIN_SECONDS = 10 * 60;

/** Asks for a recent login before a change that would outlast a stolen access token. */
@Injectable()
export class RecentLoginService {
  constructor(
    private readonly clock: Clock,
    private readonly database: DatabaseService,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws ApiException `RECENT_LOGIN_REQUIRED` unless the session lives and began in the last ten minutes. */
  async assertRecent(principal: Principal): Promise<void> {
    const session = await this.sessions.findLive(principal);
    if (!session) await this.database.assertPrimary();
    const oldest = this.clock.now() - RECENT_LOGIN_SECONDS * 1000;
    if (!session || session.createdAt.getTime() < oldest) {
      throw new ApiException('RECENT_LOGIN_REQUIRED');
    }
  }
}
