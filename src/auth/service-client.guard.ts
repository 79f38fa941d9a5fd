import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ApiException } from '../common/errors';
import { Reflector } from '@nestjs/core';
import { Env } from '../config/env';
import { readServiceClient, type Scope, type ServiceClient } from '../config/service-clients';
import { requestOf } from '../contract/request';

const BASIC = /^Basic +([A-Za-z0-9+/=]+)$/i;
/** What a service needs for the routes of a controller: without it none is admitted. */
export const NeedsScope = Reflector.createDecorator<Scope>();

/** Compared with when the client is unknown, so that names cannot be told by time. */
const NO_DIGEST = '0'.repeat(64);

/** Admits the services of `SERVICE_CLIENTS`, by HTTP Basic (RFC 7617), to what {@link NeedsScope} says. */
@Injectable()
export class ServiceClientGuard implements CanActivate {
  private readonly clients: ReadonlyMap<string, ServiceClient>;

  constructor(
    env: Env,
    private readonly reflector: Reflector,
  ) {
    const clients = Object.entries(env.SERVICE_CLIENTS);
    this.clients = new Map(clients.map(([name, client]) => [name, readServiceClient(client)]));
  }

  /** @throws ApiException `INVALID_CLIENT` or `FORBIDDEN`. */
  canActivate(context: ExecutionContext): boolean {
    const request = requestOf(context);
    const [name, secret] = credentials(request.headers.authorization);
    const client = this.clients.get(name);
    const isRight = isDigestOf(client?.digest ?? NO_DIGEST, secret) && client !== undefined;
    if (!isRight) throw new ApiException('INVALID_CLIENT');
    const scope = this.reflector.get(NeedsScope, context.getClass());
    if (!client.scopes.has(scope)) throw new ApiException('FORBIDDEN');
    request.user = name;
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
