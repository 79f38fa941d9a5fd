import { createPool } from 'mysql2/promise';
import type { Dialect } from '../exchange';
import { addressOf, whoAmI } from './tandem-dialect';
import { startChild } from './child';
import type { Contestant } from './contestant';
import { missingPeers, PEERS } from './peers';

/** Better Auth with its phone number plugin. Its sessions are not refreshed: each request reads them from Redis. */
export const betterAuth: Contestant = {
  name: 'better-auth',
  hindrance: missingPeers,
  start: async (stores) => {
    const env = await stores.fresh();
    const child = await startChild(`${PEERS}/better-auth.mjs`, env);
    const sql = createPool({ uri: env.DATABASE_URL, connectionLimit: 1 });
    const data = {
      addUsers: (mobiles: string[]) => child.ask('addUsers', mobiles),
      issueCodes: (mobiles: string[]) => child.ask('issueCodes', mobiles),
      countSessions: async () => {
        const [rows] = await sql.query('SELECT COUNT(*) AS count FROM session');
        return (rows as { count: number }[])[0]!.count;
      },
    };
    const stop = async () => void (await Promise.all([child.stop(), sql.end()]));
    return { ...child, data, dialect, stop };
  },
};

const dialect: Dialect = {
  whoAmI,
  logIn: ({ mobile, code }) => ({
    method: 'POST',
    path: '/api/auth/phone-number/verify',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': addressOf(mobile) },
    body: JSON.stringify({ phoneNumber: mobile, code }),
    accepts: (status, body) => {
      const { token, user } = JSON.parse(body);
      return status === 200 && typeof token === 'string' && user.phoneNumber === mobile;
    },
  }),
  sessionOf: (body) => ({ token: JSON.parse(body).token, refreshToken: '' }),
};
