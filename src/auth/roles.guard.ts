import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiException } from '../common/errors';
import type { Principal } from '../contract/current-user.decorator';
import { requestOf } from '../contract/request';
import { isAllowed } from '../users/roles';
import { JwtAuthGuard } from './jwt-auth.guard';

const ROLES = 'tandem:roles';

/**
 * Admits whom the claim of the access token gives one of the roles that `@Roles()` names: 403 for anybody else. A change of
 * roles ends the sessions of a user, and so what their tokens say.
 */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  /** A subclass of `JwtAuthGuard` may find the request elsewhere; this one finds it there, too. */
  protected getRequest(context: ExecutionContext): { readonly user?: unknown } {
    return requestOf(context);
  }

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    const wanted = this.reflector.getAllAndOverride<string[] | undefined>(ROLES, targets) ?? [];
    const { roles } = (this.getRequest(context).user ?? {}) as Partial<Principal>;
    if (!roles) throw new ApiException('UNAUTHORIZED');
    if (!wanted.some((role) => isAllowed(roles, role))) throw new ApiException('FORBIDDEN');
    return true;
  }
}

/**
 * Closes a route, or those of a controller, to all but users with one of these roles. `admin` is `support`, too, and
 * `support` is `viewer`.
 */
export const Roles = (...roles: [string, ...string[]]) =>
  applyDecorators(SetMetadata(ROLES, roles), UseGuards(JwtAuthGuard, RolesGuard));
