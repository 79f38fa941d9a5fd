import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../../common/errors';
import type { RemoteServer } from './remote-server';
import { ok, problem, problemIfAny, type Verdict } from './verdict';

export async function guard(server: RemoteServer): Promise<Verdict> {
  const { status, headers, body } = await server.get('/users/me');
  return problemIfAny(
    'GET /users/me without a token',
    [
      status !== 401 && `answers ${status}`,
      !headers['www-authenticate']?.startsWith('Bearer') && 'has no WWW-Authenticate: Bearer',
      !hasCode(body, 'UNAUTHORIZED') && 'has no errorCode UNAUTHORIZED',
    ],
    'Guarded routes ask for a token.',
  );
}

export async function unknownRoutes(server: RemoteServer): Promise<Verdict> {
  const { status, body } = await server.get(`/${randomUUID()}`);
  const missing = ['statusCode', 'message', 'error', 'request_id'].filter((key) => !(key in body));
  return problemIfAny(
    'An unknown route',
    [
      status !== 404 && `answers ${status}`,
      missing.length > 0 && `has no ${missing.join(', ')}`,
      !hasCode(body, 'NOT_FOUND') && 'has no errorCode NOT_FOUND',
    ],
    'Unknown routes answer 404 in the shape of every error.',
  );
}

/** The routes that answer tokens and personal data, asked for neither. */
export async function caching(server: RemoteServer): Promise<Verdict> {
  const answers = [
    ['GET /users/me', await server.get('/users/me')],
    ['POST /auth/tokens', await server.send('POST', '/auth/tokens', { body: {} })],
  ] as const;
  const stored = answers.map(
    ([route, { headers }]) => !headers['cache-control']?.includes('no-store') && route,
  );
  const otherwise = 'Answers are not to be stored.';
  return problemIfAny('Answers without Cache-Control: no-store', stored, otherwise);
}

/** A server or proxy that sends requests back shows scripts what browsers hide from them. */
export async function trace(server: RemoteServer): Promise<Verdict> {
  const probe = randomUUID();
  const headers = { 'x-tandem-doctor': probe };
  const answer = await server.send('TRACE', '/users/me', { headers }).catch(() => undefined);
  const isRefused = !answer || (answer.status >= 400 && !answer.text.includes(probe));
  return isRefused ? ok('Refused.') : problem('Answered: refuse it in the proxy.');
}

const hasCode = (body: Record<string, unknown>, code: ErrorCode) => body.errorCode === code;
