import { createHash } from 'node:crypto';
import type { Answer, Client } from './client';

export const SERVICE = { name: 'orders', secret: 'the secret of a test service' };

const DIGEST = createHash('sha256').update(SERVICE.secret).digest('hex');

/** Services with the same secret that may do one thing each. */
export const [READER, CLERK] = ['reader', 'clerk'];

/** What `SERVICE_CLIENTS` must be for {@link SERVICE}, which may do everything, and the others to be known. */
export const SERVICE_CLIENTS = [
  `${SERVICE.name}:${DIGEST}:introspect+users+events`,
  `${READER}:${DIGEST}:events`,
  `${CLERK}:${DIGEST}:users`,
].join(',');

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export function basic(name = SERVICE.name, secret = SERVICE.secret): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` };
}

/** Posts a form, as the service unless other `headers` are given. */
export function postForm(
  client: Client,
  path: string,
  form: Record<string, string> | string,
  headers: Record<string, string> = basic(),
): Promise<Answer> {
  const body = String(new URLSearchParams(form));
  return client.post(path, body, { headers: { ...FORM, ...headers } });
}
