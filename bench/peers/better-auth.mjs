import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fromNodeHeaders, toNodeHandler } from 'better-auth/node';
import { bearer, phoneNumber } from 'better-auth/plugins';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';

/**
 * Better Auth as its documentation sets it up for this job: codes and sessions in Redis, sessions in SQL as well,
 * its limits on, the bearer plugin for clients without cookies, on plain node:http.
 */
const { DATABASE_URL, REDIS_URL } = process.env;

const redis = new Redis(REDIS_URL);
redis.defineCommand('incrementWithin', {
  numberOfKeys: 1,
  lua: `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count`,
});
/** By number: what would have been sent. */
const codes = new Map();

const auth = betterAuth({
  secret: randomBytes(32).toString('base64'),
  baseURL: 'http://127.0.0.1',
  database: createPool({ uri: DATABASE_URL, connectionLimit: 16, timezone: 'Z' }),
  secondaryStorage: {
    get: (key) => redis.get(key),
    set: (key, value, seconds) =>
      seconds ? redis.set(key, value, 'EX', seconds) : redis.set(key, value),
    delete: (key) => redis.del(key),
    getAndDelete: (key) => redis.getdel(key),
    increment: (key, seconds) => redis.incrementWithin(key, seconds),
  },
  session: { storeSessionInDatabase: true },
  advanced: { ipAddress: { ipAddressHeaders: ['x-forwarded-for'] } },
  telemetry: { enabled: false },
  plugins: [
    bearer(),
    phoneNumber({
      sendOTP: ({ phoneNumber: mobile, code }) => void codes.set(mobile, code),
      signUpOnVerification: { getTempEmail: (mobile) => `${mobile.slice(1)}@example.com` },
    }),
  ],
});

await (await getMigrations(auth.options)).runMigrations();
const { internalAdapter } = await auth.$context;
const handle = toNodeHandler(auth);

const server = createServer(async (request, response) => {
  if (request.url !== '/bench/whoami') return handle(request, response);
  const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
  response.writeHead(session ? 200 : 401, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ user_id: session?.user.id }));
});

/** What the benchmark asks for before it measures: no table or key of Better Auth is written past it. */
const PREPARATIONS = {
  addUsers: async (mobile) => {
    const email = `${mobile.slice(1)}@example.com`;
    const known = { email, name: 'Known', phoneNumber: mobile, phoneNumberVerified: true };
    return (await internalAdapter.createUser(known)).id;
  },
  issueCodes: async (mobile) => {
    await auth.api.sendPhoneNumberOTP({ body: { phoneNumber: mobile } });
    const code = codes.get(mobile);
    codes.delete(mobile);
    return code;
  },
};

process.on('message', async ({ what, mobiles }) => {
  process.send(await Promise.all(mobiles.map(PREPARATIONS[what])));
});

server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
