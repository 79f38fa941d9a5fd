import { applyDecorators, SetMetadata, UseFilters, UseGuards } from '@nestjs/common';
import { Public } from '../auth/public.decorator';
import { ApiController } from '../contract/api-controller.decorator';
import type { Topic } from './account';
import { AccountErrorFilter } from './account-error.filter';
import { AccountGuard, TOPIC } from './account.guard';

/** Shared by all forms. */
export const VISIT = ['form', 'lang', 'return_to'];

/** Pages for somebody who is logged in by the cookie. No Bearer token opens them: `@Public()` to the guards of the API. */
export function AccountController(path: string, topic: Topic = 'overview'): ClassDecorator {
  return applyDecorators(
    Public(),
    ApiController(path),
    SetMetadata(TOPIC, topic),
    UseGuards(AccountGuard),
    UseFilters(AccountErrorFilter),
  );
}
