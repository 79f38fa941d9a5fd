import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AccessTokens } from './access-tokens.service';
import type { Principal } from './current-user.decorator';
import { IS_PUBLIC } from './public.decorator';
import { Refusal } from './refusal';
import { Revocations } from './revocations.service';

interface Request {
  headers: { authorization?: string };
  user?: Principal;
}

interface Response {
  header(name: string, value: string): unknown;
}

/** The scheme, one token and nothing else (RFC 6750, section 2.1). */
const BEARER = /^Bearer +(\S+)$/i;

/**
 * Admits the bearers of Tandem's access tokens whose sessions have not ended, without a network call.
 * An outage of Tandem is a 503, never a 401: clients log people out on those. On Express and Fastify.
 */
@Injectable()
export class TandemGuard implements CanActivate {
  constructor(
    @Inject(AccessTokens) private readonly tokens: AccessTokens,
    @Inject(Revocations) private readonly revocations: Revocations,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  /** @throws HttpException 401, 403 for a refresh token, or 503, with Tandem's body and headers. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.isPublic(context)) return true;
    const request = this.getRequest(context);
    try {
      request.user = await this.principalOf(request);
    } catch (error) {
      if (error instanceof Refusal) this.sendHeaders(context, error);
      throw error;
    }
    return true;
  }

  /** To be overridden where requests come another way, such as GraphQL. */
  protected getRequest(context: ExecutionContext): Request {
    return context.switchToHttp().getRequest<Request>();
  }

  /** @returns undefined where answers have no headers. */
  protected getResponse(context: ExecutionContext): Response | undefined {
    return context.switchToHttp().getResponse<Response>();
  }

  private isPublic(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    return this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, targets) ?? false;
  }

  private async principalOf({ headers }: Request): Promise<Principal> {
    const [, token] = BEARER.exec(headers.authorization ?? '') ?? [];
    const principal = await this.tokens.verify(token ?? '');
    this.revocations.assertKnown();
    if (this.revocations.has(principal.sessionId)) throw new Refusal('UNAUTHORIZED');
    return principal;
  }

  private sendHeaders(context: ExecutionContext, { headers }: Refusal): void {
    const response = this.getResponse(context);
    for (const [name, value] of Object.entries(headers)) response?.header(name, value);
  }
}
