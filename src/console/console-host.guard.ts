import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ApiException } from '../common/errors';
import { Env } from '../config/env';
import { requestOf } from '../contract/request';

/** With `CONSOLE_HOST` the console is nowhere else: under other names there is no such page. */
@Injectable()
export class ConsoleHostGuard implements CanActivate {
  constructor(private readonly env: Env) {}

  canActivate(context: ExecutionContext): boolean {
    const { CONSOLE_HOST: wanted } = this.env;
    const [host] = (requestOf(context).headers.host ?? '').toLowerCase().split(':');
    if (wanted && host !== wanted) throw new ApiException('NOT_FOUND');
    return true;
  }
}
