import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { SessionRef } from '../sessions/session.entity';
import type { Claims } from './claims';
import type { AccessTokenDto, TokenPairDto } from './dto/tokens.dto';
import { HooksService } from './hooks.service';
import { TokenService } from './token.service';

/** The tokens of a session, as clients receive them. */
@Injectable()
export class TokenPairsService {
  constructor(
    private readonly clock: Clock,
    private readonly hooks: HooksService,
    private readonly tokens: TokenService,
  ) {}

  /** @param claims of the host application, where they are known. */
  async pairOf(session: SessionRef, claims?: Claims): Promise<TokenPairDto> {
    const leftMs = session.expiresAt.getTime() - this.clock.now();
    return Object.assign(await this.accessTokenOf(session, claims), {
      refresh_token: this.tokens.signRefresh(session),
      refresh_expires_in: Math.ceil(leftMs / 1000),
    });
  }

  async accessTokenOf(session: SessionRef, claims?: Claims): Promise<AccessTokenDto> {
    const added = claims ?? (await this.hooks.claimsOf(session.userId));
    return {
      token: this.tokens.signAccess(session, added),
      token_type: 'Bearer',
      expires_in: this.tokens.accessLifetime(session),
    };
  }
}
