import { randomUUID } from 'node:crypto';
import { fromNewAddress } from '../support/address';
import { challengeKey } from '../support/challenge-key';
import { dumpRedis, dumpSql } from '../support/dumps';
import { randomMobile } from '../support/mobile';
import { AT_FULL_SCALE } from '../support/scale';
import { Secrets } from '../support/secrets';
import { ServerProcess } from '../support/server-process';
import { until } from '../support/until';
import { addEndpoint } from '../support/webhook-events';
import { WebhookReceiver } from '../support/webhook-receiver';
import { SmsInbox } from '../support/sms-inbox';
import { freshStores, MODES } from '../support/stores';
import { smsEnv } from '../support/sms-env';

const LOGINS = AT_FULL_SCALE ? 100 : 30;
const PASSWORD = 'the password of a user';

describe.each(MODES)('after many logins (%s)', (mode) => {
  const secrets = new Secrets();
  const numbers = new Secrets();
  const errors: string[] = [];
  let inbox: SmsInbox;
  let server: ServerProcess;
  let env: Record<string, string>;
  /** The number of a code that is never used. */
  let waiting: string;
  let log: string;
  let metrics: string;
  let told: WebhookReceiver;

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    const rules = { LOG_LEVEL: 'trace', TRUST_PROXY: '1', REFRESH_ROTATION: 'on' };
    const webhooks = { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' };
    env = { ...(await freshStores(mode)), ...smsEnv(inbox), ...rules, ...webhooks };
    server = await ServerProcess.startReady(env);
    told = await WebhookReceiver.open();
    await addEndpoint(told.url, env);
    for (let i = 0; i < LOGINS; i += 10) await Promise.all(Array.from({ length: 10 }, logInAndOut));
    waiting = newMobile();
    await server.post('/auth/codes', { mobile: waiting }, fromNewAddress());
    await setPassword();
    await failToSend();
    metrics = (await server.get('/metrics')).body;
    await until(() => told.of('session.ended').length >= LOGINS);
    await server.stop('SIGINT');
    secrets.add(inbox.codeFor(waiting), env.SMS_WEBHOOK_SECRET!);
    log = server.output.join('\n').replaceAll(/"pid":\d+/g, '');
  });
  afterAll(() => Promise.all([inbox.close(), told.close()]));

  const newMobile = () => {
    const mobile = randomMobile();
    numbers.add(mobile.slice('+86'.length));
    return mobile;
  };

  /** A visit with what users do, right and wrong. */
  async function logInAndOut(): Promise<void> {
    const [mobile, from] = [newMobile(), fromNewAddress()];
    await server.post('/auth/codes', { mobile }, from);
    const code = inbox.codeFor(mobile);
    const wrong = await server.post('/auth/tokens', { mobile, code: '000000' }, from);
    const { body: pair } = await server.post('/auth/tokens', { mobile, code }, from);
    const { token, refresh_token } = pair;
    const spent = await server.post('/auth/tokens', { mobile, code }, from);
    const key = randomUUID();
    const refreshed = await server.put('/auth/tokens', undefined, {
      token: refresh_token,
      headers: { 'idempotency-key': key },
    });
    const { body: next } = refreshed;
    secrets.add(code, token, refresh_token, key, next.token, next.refresh_token);
    const malformed = await server.post('/auth/tokens', { mobile, code, token }, from);
    const lost = await server.get(`/${mobile}/${code}?token=${token}`);
    const mixedUp = await server.get('/users/me', { token: refresh_token });
    const refusals = [wrong, spent, malformed, lost, mixedUp];
    errors.push(...refusals.map(({ body }) => JSON.stringify(body)));
    await server.delete('/auth/tokens', { token });
  }

  async function setPassword(): Promise<void> {
    const mobile = newMobile();
    await server.post('/auth/codes', { mobile }, fromNewAddress());
    const code = inbox.codeFor(mobile);
    const { body: pair } = await server.post('/auth/tokens', { mobile, code }, fromNewAddress());
    const credentials = { username: 'li.wei', password: PASSWORD };
    await server.put('/users/me/password', credentials, { token: pair.token });
    const { body } = await server.post('/auth/login', credentials);
    secrets.add(PASSWORD, code, pair.token, body.token, body.refresh_token);
  }

  async function failToSend(): Promise<void> {
    inbox.status = 500;
    const failed = await server.post('/auth/codes', { mobile: newMobile() }, fromNewAddress());
    errors.push(JSON.stringify(failed.body));
  }

  it('rule 16: no code, token, secret or number is in the log', () => {
    for (const visit of [
      '"POST","route":"/auth/tokens","status":201',
      '"PUT","route":"/auth/tokens","status":201',
      '"DELETE","route":"/auth/tokens","status":204',
    ]) {
      expect(log.split(visit).length - 1).toBeGreaterThanOrEqual(LOGINS);
    }
    expect([...secrets.leaks(log), ...numbers.leaks(log)]).toEqual([]);
  });

  it('rule 16: no code, token, secret or number is in an error or a metric', () => {
    expect(errors).toHaveLength(5 * LOGINS + 1);
    for (const text of [metrics, ...errors]) {
      expect([...secrets.leaks(text), ...numbers.leaks(text)]).toEqual([]);
    }
  });

  it('rule 16: no code, token or secret is in SQL', async () => {
    const rows = await dumpSql(env);

    expect(numbers.leaks(rows).length).toBeGreaterThanOrEqual(LOGINS);
    expect(secrets.leaks(rows)).toEqual([]);
  });

  it('rule 16: no code, token, secret or number is in the audit, in events, or told by a webhook', async () => {
    const records = [
      'audit_events',
      'audit_seals',
      'outbox',
      'webhook_endpoints',
      'webhook_attempts',
    ];
    const texts = [await dumpSql(env, records), JSON.stringify(told.calls)];

    expect(texts[0]).toContain('login.refused');
    for (const text of texts) {
      expect([...secrets.leaks(text), ...numbers.leaks(text)]).toEqual([]);
    }
  });

  if (mode === 'standard') {
    it('rule 16: no code, token, secret or number is in Redis', async () => {
      const entries = await dumpRedis(env.REDIS_URL!);

      const texts = Object.entries(entries).flat().join('\n');
      expect(Object.keys(entries)).toContain(challengeKey(waiting));
      expect([...secrets.leaks(texts), ...numbers.leaks(texts)]).toEqual([]);
    });
  }
});
