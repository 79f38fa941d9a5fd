import { Injectable } from '@nestjs/common';
import { CredentialQueries } from '../auth/credential.queries';
import { MobileChangesService } from '../auth/mobile-changes/mobile-changes.service';
import { Clock } from '../common/clock';
import { maskMobile } from '../common/phone-number';
import type { Principal } from '../contract/current-user.decorator';
import { DevicesService } from '../sessions/devices.service';
import { SessionsService } from '../sessions/sessions.service';
import { NoticesService } from '../users/notices/notices.service';
import { UsersService } from '../users/users.service';
import { ownNumber } from './account';
import type { Overview, ShownSession } from './overview';

/** Gathers what people see of their account at once. */
@Injectable()
export class OverviewsService {
  constructor(
    private readonly changes: MobileChangesService,
    private readonly clock: Clock,
    private readonly credentials: CredentialQueries,
    private readonly devices: DevicesService,
    private readonly notices: NoticesService,
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
  ) {}

  async of({ userId, sessionId }: Principal): Promise<Omit<Overview, 'isSaved'>> {
    const [[user, profile], own, change, notices, devices, sessions] = await Promise.all([
      this.users.findWithProfile(userId),
      this.credentials.ofUser(userId),
      this.changes.findActive(userId),
      this.notices.list(userId),
      this.devices.list(userId),
      this.shownSessions(userId, sessionId),
    ]);
    const { mobile, name, username, deletionAt } = user;
    return {
      mobile: maskMobile(ownNumber(mobile)),
      name,
      username,
      hasPassword: own?.passwordHash != null,
      timeZone: profile.timeZone,
      deletionAt,
      change,
      notices,
      devices,
      sessions,
      now: this.clock.now(),
    };
  }

  private async shownSessions(userId: string, currentId: string): Promise<ShownSession[]> {
    const sessions = await this.sessions.listLive(userId);
    return sessions.map((session) => ({
      session,
      ...this.sessions.shownTimesOf(session),
      isCurrent: session.id === currentId,
    }));
  }
}
