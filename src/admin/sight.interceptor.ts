import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { isAllowed } from '../users/roles';
import { operatorOf } from './operator';

/** Of every answer below `/admin`: from where somebody came is for those who may act on it, and no viewer sees it. */
@Injectable()
export class SightInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const seesNetworks = isAllowed(operatorOf(context).roles, 'support');
    return seesNetworks ? next.handle() : next.handle().pipe(map(withoutNetworks));
  }
}

function withoutNetworks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNetworks);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date || value instanceof StreamableFile) return value;
  const fields = Object.entries(value).map(([name, field]: [string, unknown]) => [
    name,
    name === 'network' ? null : withoutNetworks(field),
  ]);
  return Object.fromEntries(fields) as unknown;
}
