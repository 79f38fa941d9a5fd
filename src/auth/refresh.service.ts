import { Injectable } from '@nestjs/common';
import { RefusalsService } from '../audit/refusals.service';
import type { RefreshPrincipal } from '../contract/current-user.decorator';
import { MetricsService } from '../observability/metrics.service';
import type { AccessTokenDto, TokenPairDto } from './dto/tokens.dto';
import type { RefreshClient } from './refresh-clients.service';
import { RotationService } from './rotation.service';
import { TokenPairsService } from './token-pairs.service';

/** Exchanging a refresh token for the next access token. */
@Injectable()
export class RefreshService {
  constructor(
    private readonly metrics: MetricsService,
    private readonly refusals: RefusalsService,
    private readonly rotation: RotationService,
    private readonly tokenPairs: TokenPairsService,
  ) {}

  /** @throws ApiException `WRONG_REFRESH_TOKEN` or `USER_DISABLED`. */
  async refresh(
    token: RefreshPrincipal,
    client: RefreshClient,
  ): Promise<AccessTokenDto | TokenPairDto> {
    const { userId, sessionId } = token;
    const session = await this.refusals.watch(
      { action: 'refresh.refused', userId, sessionId, caller: client },
      () => this.rotation.sessionOf(token, client),
    );
    this.metrics.refresh();
    const isSuccessor = session.generation !== token.generation;
    return isSuccessor ? this.tokenPairs.pairOf(session) : this.tokenPairs.accessTokenOf(session);
  }
}
