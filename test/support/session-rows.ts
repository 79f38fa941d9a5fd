import type { DataSource } from 'typeorm';
import { TokenKeysService } from '../../src/auth/keys/token-keys.service';
import { PreparedJwtService } from '../../src/auth/keys/prepared-jwt.service';
import { TokenService } from '../../src/auth/token.service';
import { Clock } from '../../src/common/clock';
import { Snowflake } from '../../src/common/snowflake';
import { parseEnv } from '../../src/config/load-env';
import { KeyRing } from '../../src/config/key-ring';
import { Session } from '../../src/sessions/session.entity';
import { UserProfile } from '../../src/users/user-profile.entity';
import { User } from '../../src/users/user.entity';
import { randomMobile } from './mobile';

const BATCH = 1000;
const ids = new Snowflake(1023);

/** Sessions of one new user, as that many logins just now would leave them. */
export async function insertSessions(
  sql: DataSource,
  count: number,
  changes: Partial<Session> = {},
): Promise<Session[]> {
  const userId = changes.userId ?? (await insertUser(sql));
  const sessions = Array.from({ length: count }, () => Object.assign(newSession(userId), changes));
  for (let from = 0; from < count; from += BATCH) {
    await sql.getRepository(Session).insert(sessions.slice(from, from + BATCH));
  }
  return sessions;
}

/** Signs tokens as every server with this `JWT_SECRET` does. */
export function tokenMint(JWT_SECRET: string): TokenService {
  const env = parseEnv({ JWT_SECRET });
  // Nothing is reloaded, so nothing is told.
  const keys = new TokenKeysService(undefined as never, env, new KeyRing(JWT_SECRET));
  return new TokenService(new Clock(), new PreparedJwtService(), env, keys);
}

async function insertUser(sql: DataSource): Promise<string> {
  const [id, now] = [ids.next(), new Date()];
  const times = { lastLogin: now, createdAt: now, updatedAt: now };
  const mobile = randomMobile() as User['mobile'];
  await sql.getRepository(User).insert({ id, mobile, name: 'Li Wei', status: 'active', ...times });
  await sql.getRepository(UserProfile).insert({ id });
  return id;
}

function newSession(userId: string): Session {
  const now = Date.now();
  return Object.assign(new Session(), {
    id: ids.next(),
    userId,
    challengeId: null,
    generation: 0,
    rotatedAt: null,
    device: null,
    network: '192.0.2.0/24',
    createdAt: new Date(now),
    lastUsedAt: new Date(now),
    expiresAt: new Date(now + 14 * 86_400_000),
    endedAt: null,
    endReason: null,
  });
}
