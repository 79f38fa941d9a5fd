import { createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

export const ACCESS_TTL = 2 * 3600;
export const REFRESH_TTL = 14 * 86_400;

type Key = string | KeyObject;

/** As tutorials pass it, or as the key that node:crypto would make of it each time. */
const isKeyObject = process.env.SECRETS === 'KeyObject';
const asKey = (secret: string): Key =>
  isKeyObject ? createSecretKey(Buffer.from(secret)) : secret;

const KEYS = {
  access: asKey(`access ${process.env.JWT_SECRET}`),
  refresh: asKey(`refresh ${process.env.JWT_SECRET}`),
};

export interface TokenUser {
  userId: string;
  sessionId: string;
}

@Injectable()
export class Tokens {
  constructor(private readonly jwt: JwtService) {}

  access(user: TokenUser) {
    return { token: this.sign('access', user), token_type: 'Bearer', expires_in: ACCESS_TTL };
  }

  pair(user: TokenUser) {
    const refresh_token = this.sign('refresh', user);
    return { ...this.access(user), refresh_token, refresh_expires_in: REFRESH_TTL };
  }

  private sign(use: keyof typeof KEYS, { userId, sessionId }: TokenUser): string {
    const [key, expiresIn] = [KEYS[use], use === 'access' ? ACCESS_TTL : REFRESH_TTL];
    const claims = { sub: userId, sid: sessionId, jti: randomUUID() };
    const options = typeof key === 'string' ? { secret: key } : { privateKey: key as never };
    return this.jwt.sign(claims, { ...options, expiresIn, algorithm: 'HS256' });
  }
}

const strategy = (key: Key) => ({
  jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
  secretOrKey: key as string,
});

interface Payload {
  sub: string;
  sid: string;
}

@Injectable()
export class AccessStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor() {
    super(strategy(KEYS.access));
  }

  validate({ sub, sid }: Payload): TokenUser {
    return { userId: sub, sessionId: sid };
  }
}

@Injectable()
export class RefreshStrategy extends PassportStrategy(Strategy, 'jwt-refresh') {
  constructor() {
    super(strategy(KEYS.refresh));
  }

  validate({ sub, sid }: Payload): TokenUser {
    return { userId: sub, sessionId: sid };
  }
}
