import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock';
import type { SessionRef } from '../sessions/session.entity';
import type { AccessTokenDto, TokenPairDto } from './dto/tokens.dto';
import { TokenService } from './token.service';

/** The tokens of a session, as clients receive them. */
@Injectable()
export class TokenPairsService {
  constructor(
    private readonly clock: Clock,
    private readonly tokens: TokenService,
  ) {}

  pairOf(session: SessionRef): TokenPairDto {
    const leftMs = session.expiresAt.getTime() - this.clock.now();
    return Object.assign(this.accessTokenOf(session), {
      refresh_token: this.tokens.signRefresh(session),
      refresh_expires_in: Math.ceil(leftMs / 1000),
    });
  }

  accessTokenOf(session: SessionRef): AccessTokenDto {
    return {
      token: this.tokens.signAccess(session),
      token_type: 'Bearer',
      expires_in: this.tokens.accessLifetime(session),
    };
  }
}
