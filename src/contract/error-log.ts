import { type HttpException, Injectable } from '@nestjs/common';
import { RedactingLogger } from '../common/redacting-logger';
import { isUnregisteredEntity } from '../storage/sql-errors';
import { requestIdOf } from './request-id';

/** Notes what a request was refused for. The server replaces it by one that its access log needs. */
@Injectable()
export class ErrorLog {
  private readonly logger = new RedactingLogger('Tandem');

  note(request: object, error: HttpException, thrown: unknown): void {
    if (error.getStatus() < 500) return;
    const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    const text = `${error.message} ${message} (request ${requestIdOf(request)})`;
    this.logger.error(text + adviceOn(thrown), stack ?? '');
  }
}

/** What to do about the mistakes that are made most. */
export function adviceOn(thrown: unknown): string {
  if (!isUnregisteredEntity(thrown)) return '';
  return ' The entity is registered with no DataSource: add it to its entities, or import TypeOrmModule.forFeature() where autoLoadEntities is on.';
}
