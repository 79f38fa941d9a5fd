import { randomUUID } from 'node:crypto';
import { LoginRefusedException } from '../../src/auth/hooks';
import { fromNewAddress } from './address';
import { PAGE } from './browser-jar';
import type { Answer, TokenPair } from './client';
import { otherThan } from './codes';
import { type Credentials, randomCredentials } from './credentials';
import { sessionIdOf, userIdOf } from './jwt';
import { randomMobile } from './mobile';
import { emptyDirectory, ServerProcess } from './server-process';
import { freePort } from './servers/free-port';
import { RECEIPTS_SECRET } from './receipts';
import { SERVICE_CLIENTS } from './service-client';
import { SmsInbox } from './sms-inbox';
import { runSql } from './sqlite';
import { smsEnv } from './sms-env';
import { TestApp } from './test-app';

/** Of the terms of the server. */
export const TERMS_VERSION = '2026-01';

const refuse = () => {
  throw new LoginRefusedException('Accept the new terms first.');
};

type User = TokenPair & { mobile: string; device_token: string; credentials: Credentials };

/**
 * A built server with users in every state, and one with the same keys whose database is away and that
 * has no captcha.
 */
export class ApiWorld {
  private constructor(
    readonly server: ServerProcess,
    readonly offline: ServerProcess,
    /** A host application that refuses the logins of known users. */
    readonly refusing: TestApp,
    private readonly inbox: SmsInbox,
    private readonly dataDirectory: string,
  ) {}

  user!: User;
  disabled!: User;
  /** Logged in an hour ago. */
  stale!: User;
  /** Has proved code and password. */
  admin!: User;
  /** An admin with a code only. */
  unraised!: User;

  static async start(): Promise<ApiWorld> {
    const [inbox, DATA_DIR, closedPort] = [
      await SmsInbox.open(),
      emptyDirectory(),
      await freePort(),
    ];
    const env = {
      ...smsEnv(inbox),
      DATA_DIR,
      JWT_SECRET: randomUUID(),
      LOG_LEVEL: 'debug',
      SERVICE_CLIENTS,
      TERMS_VERSION,
      SMS_RECEIPTS: 'aliyun,webhook',
      SMS_RECEIPTS_SECRET: RECEIPTS_SECRET,
      CAPTCHA: 'altcha',
      CORS_ORIGINS: PAGE,
      REFRESH_COOKIE: 'on',
      SMS_COUNTRIES: 'CN,HK',
      LIMITS:
        'codes-per-address=999/1h,easy-codes-per-address=999/1h,easy-codes-per-prefix=2/1h,searches-per-operator=40/1h,reveals-per-operator=20/1h,stray-guesses=1/10m',
      TRUST_PROXY: '1',
      SMS_BUDGET_DAILY: '1000,HK:0',
    };
    const DATABASE_URL = `mysql://root@127.0.0.1:${closedPort}/tandem`;
    const [server, offline, refusing] = await Promise.all([
      ServerProcess.start(env),
      ServerProcess.start({ ...env, DATABASE_URL, CAPTCHA: 'off', METRICS_TOKEN: randomUUID() }),
      TestApp.start({
        hooks: { beforeLogin: refuse },
        env: { LIMITS: 'code-cooldown=9/1h', TRUST_PROXY: '1' },
      }),
    ]);
    const world = new ApiWorld(server, offline, refusing, inbox, DATA_DIR);
    world.user = await world.register();
    world.disabled = await world.register();
    world.stale = await world.register();
    world.sql('UPDATE users SET status = ? WHERE mobile = ?', 'disabled', world.disabled.mobile);
    world.sql(
      'UPDATE sessions SET created_at = created_at - 3600000 WHERE id = ?',
      sessionIdOf(world.stale.token),
    );
    world.admin = await world.registerAdmin();
    world.unraised = await world.registerAdmin();
    const { password } = world.admin.credentials;
    await server.post('/auth/step-up', { password }, world.admin);
    return world;
  }

  async stop(): Promise<void> {
    await Promise.all([this.server.stop('SIGKILL'), this.offline.stop('SIGKILL')]);
    await this.refusing.close();
    await this.inbox.close();
  }

  async requestCode(
    mobile = randomMobile(),
    from: object = {},
  ): Promise<{ mobile: string; code: string }> {
    await this.server.post('/auth/codes', { mobile }, from);
    return { mobile, code: this.codeFor(mobile) };
  }

  codeFor(mobile: string): string {
    return this.inbox.codeFor(mobile);
  }

  /** While the provider refuses every number. */
  async whileUnreachable(work: () => Promise<Answer>): Promise<Answer> {
    this.inbox.status = 422;
    const answer = await work();
    this.inbox.status = 200;
    return answer;
  }

  /** Presents a wrong code for a number that has one, from where nobody has asked for it. */
  async guessAsStray(): Promise<Answer> {
    const { mobile, code } = await this.requestCode();
    const guess = { mobile, code: otherThan(code) };
    return this.server.post('/auth/tokens', guess, fromNewAddress());
  }

  async logIn(): Promise<Omit<User, 'credentials'>> {
    const request = await this.requestCode();
    return { ...(await this.server.post('/auth/tokens', request)).body, mobile: request.mobile };
  }

  /** A user who has never logged in, since whoever has must wait for the next code. */
  disabledMobile(): string {
    const mobile = randomMobile();
    this.sql(
      "INSERT INTO users (id, mobile, name, status, last_login, created_at, updated_at) VALUES (1, ?, 'Li Wei', 'disabled', 0, 0, 0)",
      mobile,
    );
    return mobile;
  }

  /** As if the user had asked for it. */
  toBeDeleted(mobile: string): void {
    this.sql('UPDATE users SET deletion_at = 9000000000000 WHERE mobile = ?', mobile);
  }

  /** For a number of a block that got twenty codes ten minutes ago, and used none, from where nobody has logged in. */
  async askForPaused(path = '/auth/codes', options = {}): Promise<Answer> {
    return this.refusing.post(path, { mobile: await this.pausedMobile() }, options);
  }

  /** A user of such a number. */
  async askToDeletePaused(options: { token: string }): Promise<Answer> {
    const update = 'UPDATE users SET mobile = ? WHERE id = ?';
    await this.refusing.sql.query(update, [await this.pausedMobile(), userIdOf(options.token)]);
    return this.refusing.post('/users/me/deletion', {}, { ...options, ...fromNewAddress() });
  }

  private async pausedMobile(): Promise<string> {
    const mobile = randomMobile();
    const minute = Math.floor(Date.now() / 60_000) - 10;
    const insert = 'INSERT OR IGNORE INTO sms_conversions VALUES (?, ?, 20, 0)';
    await this.refusing.sql.query(insert, [mobile.slice(0, -4), minute]);
    return mobile;
  }

  /** Has the messages to a network paused. @returns what the pause is called. */
  async pause(): Promise<string> {
    const target = 'messages 198.51.100.0/24';
    this.sql('INSERT INTO blocks VALUES (?, 0, 9000000000000)', target);
    const { body } = await this.server.get('/admin/sms/pauses', this.admin);
    return body[0].scope;
  }

  /** While nobody else is one. */
  async asLastAdmin<T>(work: () => Promise<T>): Promise<T> {
    const others = 'UPDATE users SET roles = ? WHERE mobile = ?';
    this.sql(others, 'viewer', this.unraised.mobile);
    try {
      return await work();
    } finally {
      this.sql(others, 'admin', this.unraised.mobile);
    }
  }

  private async registerAdmin(): Promise<User> {
    const user = await this.register();
    this.sql('UPDATE users SET roles = ? WHERE mobile = ?', 'admin', user.mobile);
    return user;
  }

  async register(): Promise<User> {
    const [user, credentials] = [await this.logIn(), randomCredentials()];
    await this.server.put('/users/me/password', credentials, { token: user.token });
    return { ...user, credentials };
  }

  sql(statement: string, ...parameters: string[]): void {
    runSql(this.dataDirectory, statement, ...parameters);
  }
}
