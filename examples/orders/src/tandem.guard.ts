import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { RevocationsService } from './revocations.service';
import { Settings } from './settings';

/** Admits the bearers of Tandem's access tokens. An outage of Tandem is a 503, never a 401. */
@Injectable()
export class TandemGuard implements CanActivate {
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;

  constructor(
    settings: Settings,
    private readonly revocations: RevocationsService,
  ) {
    this.keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', settings.tandemUrl));
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest();
    const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const claims = await this.verify(token ?? '');
    if (!this.revocations.isLoaded) throw new ServiceUnavailableException();
    if (this.revocations.has(claims.sid)) throw new UnauthorizedException();
    request.user = claims;
    return true;
  }

  private async verify(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        algorithms: ['ES256', 'RS256'],
        typ: 'at+jwt',
        issuer: 'tandem',
        audience: 'tandem',
        requiredClaims: ['sub', 'sid', 'exp'],
      });
      return payload;
    } catch (error) {
      throw isOutage(error) ? new ServiceUnavailableException() : new UnauthorizedException();
    }
  }
}

/** What comes of fetching the keys; everything else that `jose` throws is about the token. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return ['ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID', 'ERR_JWKS_TIMEOUT'].includes(error.code);
}
