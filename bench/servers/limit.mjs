import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { fastify } from 'fastify';
import { createSigner, createVerifier } from 'fast-jwt';
import { Redis } from 'ioredis';
import { createPool } from 'mysql2/promise';

// Node sees no names in what SWC compiles to CommonJS.
const require = createRequire(import.meta.url);
const { Snowflake } = require('../../dist/common/snowflake.js');
const { digestBy } = require('../../dist/codes/digest.js');
const { KeyRing } = require('../../dist/config/key-ring.js');

/**
 * The durable work of Tandem in the fewest round trips, and nothing else: no validation, no limits, no log, no
 * headers, no revocation, no retries. Not a server to run; a bound that no server that does the work gets under.
 */
const { DATABASE_URL, REDIS_URL, JWT_SECRET } = process.env;
const ACCESS_TTL = 2 * 3600;
const REFRESH_TTL = 14 * 86_400;

const keys = new KeyRing(JWT_SECRET);
const digest = digestBy(keys);
const ids = new Snowflake(1);
const tagKey = keys.derive('code tag');
const deviceKey = keys.derive('device token');
const access = tokens('access token', 'at+jwt', { iss: 'tandem', aud: 'tandem', refresh: false });
const refresh = tokens('refresh token', 'rt+jwt', { iss: 'tandem', refresh: true });

const redis = new Redis(REDIS_URL);
redis.defineCommand('consume', {
  numberOfKeys: 1,
  lua: `
local live = redis.call('GET', KEYS[1])
local challenge = live and cjson.decode(live)
if challenge and challenge.tag == ARGV[1] and challenge.expires_at > tonumber(ARGV[2]) then
  redis.call('DEL', KEYS[1])
  return challenge.id
end
return false`,
});

const sql = createPool({
  uri: DATABASE_URL,
  connectionLimit: 16,
  trace: false,
  supportBigNumbers: true,
  bigNumberStrings: true,
  multipleStatements: true,
});

const app = fastify();

app.get('/bench/whoami', async ({ headers }) => ({ user_id: access.verify(bearer(headers)).sub }));

app.put('/auth/tokens', async ({ headers }, reply) => {
  const { sid, sub, gen } = refresh.verify(bearer(headers));
  const [[session]] = await sql.execute(
    `SELECT s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.id = ? AND s.user_id = ? AND s.generation = ? AND s.ended_at IS NULL AND s.expires_at > ?
       AND u.status = 'active'`,
    [sid, sub, gen, Date.now()],
  );
  if (!session) return reply.code(403).send();
  return reply.code(201).send(accessToken(sid, sub));
});

app.post('/auth/tokens', async ({ body: { mobile, code } }, reply) => {
  const now = Date.now();
  const tag = createHmac('sha256', tagKey).update(`${mobile} ${code}`).digest('hex').slice(0, 32);
  const challenge = await redis.consume(`tandem:challenge:{${digest(mobile)}}`, tag, now);
  if (!challenge) return reply.code(400).send();
  const sid = ids.next();
  const secret = randomBytes(32).toString('base64url');
  const opening = { sid, mobile, challenge, now, secretHash: macOf(deviceKey, secret) };
  const sub = (await openSession(opening)) ?? (await register(opening));
  const pair = {
    ...accessToken(sid, sub),
    device_token: `${sid}.${secret}`,
    refresh_token: refresh.sign({ sub, sid, gen: 0, ...lifetime(now, REFRESH_TTL) }),
    refresh_expires_in: REFRESH_TTL,
  };
  return reply.code(201).send(pair);
});

/** One round trip. @returns the id of the user; undefined when the number has none. */
async function openSession({ sid, mobile, challenge, now, secretHash }) {
  const owner = `FROM users WHERE mobile = ? AND status = 'active'`;
  const [[, , , , , , [user]]] = await sql.query(
    `START TRANSACTION;
     UPDATE users SET last_login = ?, verified_at = ? WHERE mobile = ? AND status = 'active';
     INSERT INTO sessions ${SESSION_COLUMNS}
       SELECT ?, id, ?, 0, NULL, NULL, '127.0.0.0/24', ?, ?, ?, NULL, NULL ${owner};
     INSERT INTO user_devices ${DEVICE_COLUMNS} SELECT ?, id, ?, NULL, '127.0.0.0/24', ?, ? ${owner};
     INSERT INTO outbox ${OUTBOX_COLUMNS}
       SELECT ?, ?, 'session.started', id, ?, ? ${owner}
       UNION ALL SELECT ?, ?, 'device.added', id, ?, ? ${owner};
     INSERT INTO audit_events ${AUDIT_COLUMNS}
       SELECT ?, ?, 'session.started', 'user', id, id, ?, ?, ?, ?, ?, ? ${owner}
       UNION ALL SELECT ?, ?, 'device.added', 'user', id, id, ?, ?, ?, ?, ?, ? ${owner};
     SELECT id FROM users WHERE mobile = ?;
     COMMIT`,
    // A line for each statement, then one for each row of the last two.
    [
      [now, now, mobile],
      [sid, challenge, now, now, now + REFRESH_TTL * 1000, mobile],
      [sid, secretHash, now, now, mobile],
      [ids.next(), now, sid, BY_CODE, mobile],
      [ids.next(), now, sid, deviceOf(sid), mobile],
      [ids.next(), now, sid, BY_CODE, ...personalPart(), mobile],
      [ids.next(), now, sid, deviceOf(sid), ...personalPart(), mobile],
      [mobile],
    ].flat(),
  );
  return user?.id;
}

/** One round trip. @returns the id of the new user. */
async function register({ sid, mobile, challenge, now, secretHash }) {
  const id = ids.next();
  const [masked, end] = [`${mobile.slice(0, -8)}****${mobile.slice(-4)}`, now + REFRESH_TTL * 1000];
  const changes = [
    ['user.created', null],
    ['session.started', BY_CODE],
    ['device.added', deviceOf(sid)],
  ];
  const told = changes.map(([action, detail]) => [ids.next(), now, action, id, sid, detail]);
  const audited = changes.map(([action, detail]) =>
    [ids.next(), now, action, 'user', id, id, sid, detail].concat(personalPart()),
  );
  await sql.query(
    `START TRANSACTION;
     INSERT INTO users (id, mobile, name, status, last_login, verified_at, created_at, updated_at)
       VALUES (?, ?, ?, 'active', ?, ?, ?, ?);
     INSERT INTO user_profiles (id) VALUES (?);
     INSERT INTO sessions ${SESSION_COLUMNS}
       VALUES (?, ?, ?, 0, NULL, NULL, '127.0.0.0/24', ?, ?, ?, NULL, NULL);
     INSERT INTO user_devices ${DEVICE_COLUMNS} VALUES (?, ?, ?, NULL, '127.0.0.0/24', ?, ?);
     INSERT INTO outbox ${OUTBOX_COLUMNS} VALUES ?;
     INSERT INTO audit_events ${AUDIT_COLUMNS} VALUES ?;
     COMMIT`,
    [
      [id, mobile, masked, now, now, now, now, id],
      [sid, id, challenge, now, now, end],
      [sid, id, secretHash, now, now],
      [told, audited],
    ].flat(),
  );
  return id;
}

const SESSION_COLUMNS = `(id, user_id, challenge_id, generation, rotated_at, device, network,
  created_at, last_used_at, expires_at, ended_at, end_reason)`;
const DEVICE_COLUMNS = '(id, user_id, secret_hash, device, network, created_at, last_used_at)';
const OUTBOX_COLUMNS = '(id, at, type, user_id, session_id, data)';
const AUDIT_COLUMNS = `(id, at, action, actor_kind, actor_id, user_id, session_id, detail,
  request_id, personal, salt, digest)`;
const BY_CODE = JSON.stringify({ method: 'code' });

const deviceOf = (id) => JSON.stringify({ device_id: id });

/** What erasing takes away, and what proves that it was not changed before. */
function personalPart() {
  const personal = JSON.stringify({ network: '127.0.0.0/24' });
  const salt = randomBytes(16).toString('base64url');
  return [randomUUID(), personal, salt, macOf(salt, personal)];
}

const macOf = (key, text) => createHmac('sha256', key).update(text).digest('base64url');

function accessToken(sid, sub) {
  const claims = { sub, sid, jti: randomUUID(), ...lifetime(Date.now(), ACCESS_TTL) };
  return { token: access.sign(claims), token_type: 'Bearer', expires_in: ACCESS_TTL };
}

function tokens(purpose, typ, fixed) {
  const key = keys.derive(purpose);
  const sign = createSigner({ key, algorithm: 'HS256', header: { typ }, noTimestamp: true });
  const { iss, aud } = fixed;
  const expected = { allowedIss: iss, allowedAud: aud, checkTyp: typ };
  const verify = createVerifier({ key, algorithms: ['HS256'], cache: false, ...expected });
  return { sign: (claims) => sign({ ...fixed, ...claims }), verify };
}

function lifetime(now, seconds) {
  const iat = Math.floor(now / 1000);
  return { iat, exp: iat + seconds };
}

const bearer = ({ authorization }) => authorization.slice('Bearer '.length);

process.send(await app.listen({ port: 0, host: '127.0.0.1' }));
