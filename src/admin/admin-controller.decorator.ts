import { applyDecorators, SetMetadata, UseGuards, UseInterceptors } from '@nestjs/common';
import { JwtAuthGuard } from '../auth/jwt-auth.guard';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors } from '../contract/api-errors.decorator';
import { ApiBearerAuth, ApiTags } from '../contract/docs';
import type { OperatorRole } from '../users/roles';
import { AdminGuard } from './admin.guard';
import { ACCESS } from './access';
import { SightInterceptor } from './sight.interceptor';

/** A controller below `/admin`, closed to all but operators. Each of its routes says to which: {@link For}. */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(
    ApiController(`admin${path && `/${path}`}`),
    ApiTags('admin'),
    ApiBearerAuth('access-token'),
    ApiErrors(
      'UNAUTHORIZED',
      'REFRESH_TOKEN_NOT_ALLOWED',
      'USER_DISABLED',
      'FORBIDDEN',
      'STEP_UP_REQUIRED',
      'UNAVAILABLE',
    ),
    UseGuards(JwtAuthGuard, AdminGuard),
    UseInterceptors(new SightInterceptor()),
  );
}

/**
 * The least role that a route is for.
 *
 * @param when `recently proved`: only within ten minutes of a login or step-up.
 */
export function For(role: OperatorRole, when?: 'recently proved'): MethodDecorator {
  return SetMetadata(ACCESS, { role, isRecent: when !== undefined });
}
