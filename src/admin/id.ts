import { ApiException } from '../common/errors';
import { isId } from '../common/snowflake';

/** @throws ApiException `NOT_FOUND` for what no id looks like. */
export function assertId(id: string): void {
  if (!isId(id)) throw new ApiException('NOT_FOUND');
}
