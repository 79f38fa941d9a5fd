import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';

const BASIC = /^Basic +([A-Za-z0-9+/=]+)$/i;
/** Compared with when the client is unknown, so that names cannot be told by time. */
const NO_DIGEST = '0'.repeat(64);

/** Admits the services of `SERVICE_CLIENTS`, by HTTP Basic (RFC 7617). */
@Injectable()
export class ServiceClientGuard implements CanActivate {
  /** Digests by name. */
  private readonly clients: ReadonlyMap<string, string>;

  constructor(env: Env) {
    this.clients = new Map(Object.entries(env.SERVICE_CLIENTS));
  }

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: IncomingHttpHeaders }>();
    const [name, secret] = credentials(headers.authorization);
    const digest = this.clients.get(name);
    const isRight = isDigestOf(digest ?? NO_DIGEST, secret) && digest !== undefined;
    if (!isRight) throw new ApiException('INVALID_CLIENT');
    return true;
  }
}

function credentials(authorization = ''): [name: string, secret: string] {
  const [, encoded = ''] = BASIC.exec(authorization) ?? [];
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? ['', ''] : [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
}

/** OAuth clients form-encode both parts (RFC 6749, section 2.3.1), which leaves our secrets as they are. */
function decode(part: string): string {
  return new URLSearchParams(`part=${part.replaceAll('&', '%26')}`).get('part') ?? '';
}

/** Services have random secrets, for which one SHA-256 is enough. */
function isDigestOf(digest: string, secret: string): boolean {
  return timingSafeEqual(Buffer.from(digest, 'hex'), createHash('sha256').update(secret).digest());
}
