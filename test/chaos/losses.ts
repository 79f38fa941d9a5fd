import type { Connection, RowDataPacket } from 'mysql2/promise';
import { sessionIdOf } from '../support/jwt';
import type { KnownSession, Traffic } from './traffic';
import type { World } from './world';

/** How many of the latest of a kind are tried over the network; all sessions are looked up in the database. */
const TRIED = 50;

/** What the server acknowledged and does not hold to, in words. To be asked once all nodes know everything. */
export async function losses(world: World, traffic: Traffic): Promise<string[]> {
  const { live, endedForAll: ended, spentCodes } = traffic;
  return [
    ...(await tried(world, [...live], ['200', '201'])),
    ...(await tried(world, ended, ['401', '403'])),
    ...(await replayed(world, spentCodes)),
    ...(await world.asRoot((root) => onRecord(root, [...live], ended))),
  ];
}

async function tried({ nodes }: World, sessions: KnownSession[], expected: [string, string]) {
  const wrong: string[] = [];
  for (const { token, refresh } of sessions.slice(-TRIED)) {
    for (const node of nodes) {
      const { status } = await node.get('/users/me', { token });
      if (String(status) !== expected[0]) wrong.push(`afterwards: guarded ${status}`);
    }
    const { status } = await nodes[0]!.put('/auth/tokens', undefined, { token: refresh });
    if (String(status) !== expected[1]) wrong.push(`afterwards: refresh ${status}`);
  }
  return wrong;
}

async function replayed({ nodes }: World, spent: Traffic['spentCodes']): Promise<string[]> {
  const wrong: string[] = [];
  for (const code of spent.slice(-TRIED)) {
    const { status, body } = await nodes[0]!.post('/auth/tokens', code);
    if (body.errorCode !== 'INVALID_CODE') wrong.push(`afterwards: a spent code ${status}`);
  }
  return wrong;
}

async function onRecord(root: Connection, live: KnownSession[], ended: KnownSession[]) {
  const query = async (sql: string) => (await root.query<RowDataPacket[]>(sql))[0];
  const rows = await query('SELECT CAST(id AS CHAR) id, end_reason FROM tandem.sessions');
  const reasons = new Map(rows.map(({ id, end_reason }) => [id, end_reason]));
  const reasonOf = ({ token }: KnownSession) => reasons.get(sessionIdOf(token));
  const broken = [
    ...live.filter((one) => reasonOf(one) !== null).map(() => 'a login is lost'),
    ...ended.filter((one) => reasonOf(one) !== 'logout').map(() => 'a logout is lost'),
  ];
  for (const [what, sql] of Object.entries(NEVER)) {
    const found = await query(sql);
    if (found.length > 0) broken.push(`${what}: ${found.length}`);
  }
  return broken;
}

/** Statements that must find nothing. */
const NEVER = {
  'numbers with two users': 'SELECT mobile FROM tandem.users GROUP BY mobile HAVING COUNT(*) > 1',
  'users without a profile':
    'SELECT id FROM tandem.users WHERE id NOT IN (SELECT id FROM tandem.user_profiles)',
  'codes with two sessions':
    'SELECT challenge_id FROM tandem.sessions GROUP BY challenge_id HAVING COUNT(*) > 1',
  'sessions without a user':
    'SELECT id FROM tandem.sessions WHERE user_id NOT IN (SELECT id FROM tandem.users)',
};
