import { ApiException } from '../common/errors';
import type { HttpRequest } from './request';
import { WithConfig } from './route-config';

/** Bytes: such bodies hold lists of things. */
export const RAW_BODY_LIMIT = 64 * 1024;

/** Lets a route read the bytes of its body by {@link rawBodyOf}, in whatever format: who sent them signed those. */
export const RawBody = () => WithConfig({ isRaw: true });

const ADVICE =
  'the bytes of the body are gone: NestFactory.create(…, { rawBody: true }) keeps them';

/** @throws ApiException `INTERNAL` in a host application that does not keep the bytes. */
export function rawBodyOf({ rawBody, body }: HttpRequest): Buffer {
  if (rawBody) return rawBody;
  const isEmpty = body === undefined || Object.keys(Object(body)).length === 0;
  if (isEmpty) return Buffer.alloc(0);
  throw new ApiException('INTERNAL', { cause: new Error(ADVICE) });
}
