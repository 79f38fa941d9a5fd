import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { requestOf } from '../contract/request';

/** What the caller is called in `SERVICE_CLIENTS`. */
export const CurrentService = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => requestOf(context).user as string,
);
