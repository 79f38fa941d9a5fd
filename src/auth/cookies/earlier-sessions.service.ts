import { Injectable } from '@nestjs/common';
import { ownChange } from '../../audit/origin';
import type { Caller } from '../../contract/caller.decorator';
import { SessionsService } from '../../sessions/sessions.service';
import { refreshPrincipal } from '../claims';
import { TokenService } from '../token.service';

/** Ends what a browser was logged in to before a login took its place: nobody would have its token any more. */
@Injectable()
export class EarlierSessionsService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly tokens: TokenService,
  ) {}

  /** The login has succeeded: a failure leaves a session that expires by itself. */
  async end(token: string, sessionId: string, caller: Caller): Promise<void> {
    const claims = this.tokens.verify('refresh', token);
    const earlier = claims && refreshPrincipal(claims);
    if (!earlier || earlier.sessionId === sessionId) return;
    const ending = { ...ownChange(earlier.userId, caller), reason: 'logout' } as const;
    await this.sessions.end(earlier, ending).catch(() => undefined);
  }
}
