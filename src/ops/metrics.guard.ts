import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ApiException } from '../common/errors';
import { isSame } from '../common/is-same';
import { Env } from '../config/env';
import { requestOf } from '../contract/request';

const BEARER = /^Bearer +(\S+)$/i;

/** Admits whoever has `METRICS_TOKEN`, as Prometheus sends it, and everyone where none is set. */
@Injectable()
export class MetricsGuard implements CanActivate {
  constructor(private readonly env: Env) {}

  canActivate(context: ExecutionContext): boolean {
    const { METRICS_TOKEN: expected } = this.env;
    if (expected === undefined) return true;
    const [, given = ''] = BEARER.exec(requestOf(context).headers.authorization ?? '') ?? [];
    if (!isSame(given, expected)) throw new ApiException('UNAUTHORIZED');
    return true;
  }
}
