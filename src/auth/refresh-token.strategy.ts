import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { RefreshPrincipal } from '../common/current-user.decorator';
import { type Claims, refreshPrincipal } from './claims';
import { TokenService } from './token.service';

export const REFRESH_TOKEN = 'refresh-token';

/** Accepts refresh tokens that are genuine; whether their session lives is for the use case to ask. */
@Injectable()
export class RefreshTokenStrategy extends PassportStrategy(Strategy, REFRESH_TOKEN) {
  constructor(tokens: TokenService) {
    super(tokens.strategyOptions('refresh'));
  }

  validate(claims: Claims): RefreshPrincipal | null {
    return refreshPrincipal(claims);
  }
}
