import { Injectable } from '@nestjs/common';
import type { RefreshCookie } from '../auth/cookies/refresh-cookies.service';
import { refreshPrincipal } from '../auth/claims';
import { RotationService } from '../auth/rotation.service';
import { TokenService } from '../auth/token.service';
import { ApiException } from '../common/errors';
import { callerOfRequest } from '../contract/caller.decorator';
import type { Principal } from '../contract/current-user.decorator';
import type { HttpRequest } from '../contract/request';
import { DatabaseService } from '../storage/database.service';

/** Whose browser it is, by the refresh token of its cookie and the session's row, which is asked each time. */
@Injectable()
export class AccountSessionsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly rotation: RotationService,
    private readonly tokens: TokenService,
  ) {}

  /** @throws ApiException `UNAUTHORIZED` once the session has ended, `USER_DISABLED`; an outage is neither. */
  async holderOf({ token, key }: RefreshCookie, request: HttpRequest): Promise<Principal> {
    const claims = this.tokens.verify('refresh', token);
    const holder = claims && refreshPrincipal(claims);
    if (!holder) throw new ApiException('UNAUTHORIZED');
    const client = { ...callerOfRequest(request), idempotencyKey: key };
    if (await this.rotation.currentOf(holder, client)) return holder;
    await this.database.assertPrimary();
    throw new ApiException('UNAUTHORIZED', { reason: 'session_ended' });
  }
}
