import { randomUUID } from 'node:crypto';
import { PasswordGrantsService } from '../../src/auth/password-grants.service';
import type { E164 } from '../../src/common/phone-number';
import type { SessionDto } from '../../src/auth/dto/session.dto';
import { Session, type SessionRef } from '../../src/sessions/session.entity';
import { atomically } from '../../src/storage/queries';
import { User } from '../../src/users/user.entity';
import { UsersService } from '../../src/users/users.service';
import type { TokenPair } from './client';
import type { UserWithPassword } from './credentials';
import { sessionIdOf } from './jwt';
import type { TestApp } from './test-app';

/** A session as `GET /auth/sessions` shows it. */
export type ListedSession = {
  [field in keyof SessionDto]:
    Exclude<SessionDto[field], Date> | (Date extends SessionDto[field] ? string : never);
};

/** Another session of a user, by password. */
export async function logInAgain(
  app: TestApp,
  { credentials }: UserWithPassword,
  headers: Record<string, string> = {},
): Promise<TokenPair> {
  const answer = await app.post('/auth/login', credentials, { headers });
  if (answer.status !== 201) throw new Error(`No login: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function listSessions(
  app: TestApp,
  { token }: TokenPair,
  query = '',
): Promise<ListedSession[]> {
  return (await app.get(`/auth/sessions${query}`, { token })).body;
}

/** What the tokens of a pair are answered: 200 and 201 while their session lives. */
export async function probe(app: TestApp, pair: TokenPair): Promise<[number, number]> {
  const access = await app.get('/users/me', { token: pair.token });
  const refresh = await app.put('/auth/tokens', undefined, { token: pair.refresh_token });
  return [access.status, refresh.status];
}

/** A user whom no request registered. @returns the id. */
export async function registerUser(app: TestApp, mobile: string): Promise<string> {
  const { id, ...statements } = app.nest.get(UsersService).registration(mobile as E164);
  await atomically(app.sql, statements);
  return id;
}

/** A session of a user that no request opened. */
export async function openSession(app: TestApp, id: string): Promise<SessionRef> {
  const { passwordHash } = await app.sql
    .getRepository(User)
    .findOneOrFail({ where: { id }, select: { id: true, passwordHash: true } });
  return app.nest.get(PasswordGrantsService).forUser(id, passwordHash, { address: '192.0.2.1' });
}

export function rowOf(app: TestApp, { token }: TokenPair): Promise<Session> {
  return app.sql.getRepository(Session).findOneByOrFail({ id: sessionIdOf(token) });
}

/** The count of ended sessions by reason, as the metrics tell it. */
export async function endedByReason(app: TestApp): Promise<Record<string, number>> {
  const { body } = await app.get('/metrics');
  const lines = String(body).matchAll(/^tandem_sessions_ended_total\{reason="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, reason, count]) => [reason, Number(count)]));
}

/** Far from what snowflakes are made of. */
let lastId = 1_000_000_000n;

/** Rows of sessions of one user that only SQL knows. */
export async function insertSessions(
  app: TestApp,
  userId: string,
  count: number,
  values: Partial<Session>,
): Promise<void> {
  const at = new Date('2026-01-01T00:00:00Z');
  const rows = Array.from({ length: count }, () => ({
    id: String(++lastId),
    userId,
    challengeId: randomUUID().replaceAll('-', ''),
    generation: 0,
    rotatedAt: null,
    device: null,
    network: 'unknown',
    createdAt: at,
    lastUsedAt: at,
    expiresAt: at,
    endedAt: null,
    endReason: null,
    ...values,
  }));
  await app.sql.getRepository(Session).insert(rows);
}
