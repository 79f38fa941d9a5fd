import { randomUUID } from 'node:crypto';
import { LoginRefusedException } from '../../src/auth/hooks';
import type { Answer, TokenPair } from './client';
import { type Credentials, randomCredentials } from './credentials';
import { sessionIdOf } from './jwt';
import { randomMobile } from './mobile';
import { emptyDirectory, ServerProcess } from './server-process';
import { freePort } from './servers/free-port';
import { SERVICE_CLIENTS } from './service-client';
import { SmsInbox } from './sms-inbox';
import { runSql } from './sqlite';
import { smsEnv } from './sms-env';
import { TestApp } from './test-app';

const refuse = () => {
  throw new LoginRefusedException('Accept the new terms first.');
};

type User = TokenPair & { mobile: string; credentials: Credentials };

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
      CAPTCHA: 'altcha',
      SMS_COUNTRIES: 'CN,HK',
      LIMITS: 'codes-per-address=999/1h,easy-codes-per-address=999/1h,easy-codes-per-prefix=2/1h',
      SMS_BUDGET_DAILY: '100,HK:0',
    };
    const DATABASE_URL = `mysql://root@127.0.0.1:${closedPort}/tandem`;
    const [server, offline, refusing] = await Promise.all([
      ServerProcess.start(env),
      ServerProcess.start({ ...env, DATABASE_URL, CAPTCHA: 'off', METRICS_TOKEN: randomUUID() }),
      TestApp.start({ hooks: { beforeLogin: refuse }, env: { LIMITS: 'code-cooldown=9/1h' } }),
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
    return world;
  }

  async stop(): Promise<void> {
    await Promise.all([this.server.stop('SIGKILL'), this.offline.stop('SIGKILL')]);
    await this.refusing.close();
    await this.inbox.close();
  }

  async requestCode(mobile = randomMobile()): Promise<{ mobile: string; code: string }> {
    await this.server.post('/auth/codes', { mobile });
    return { mobile, code: this.inbox.codeFor(mobile) };
  }

  /** Asks for a code for a number that the provider refuses. */
  async askForUnreachable(): Promise<Answer> {
    this.inbox.status = 422;
    const answer = await this.server.post('/auth/codes', { mobile: randomMobile() });
    this.inbox.status = 200;
    return answer;
  }

  async logIn(): Promise<TokenPair & { mobile: string }> {
    const request = await this.requestCode();
    return { ...(await this.server.post('/auth/tokens', request)).body, mobile: request.mobile };
  }

  /** A user who has never logged in, since whoever has must wait for the next code. */
  disabledMobile(): string {
    const mobile = randomMobile();
    this.sql(
      "INSERT INTO users VALUES (1, ?, 'Li Wei', NULL, NULL, 'disabled', 0, NULL, 0, 0)",
      mobile,
    );
    return mobile;
  }

  /** For a number of a block that got twenty codes ten minutes ago, and used none, from where nobody has logged in. */
  async askForPaused(): Promise<Answer> {
    const mobile = randomMobile();
    const minute = Math.floor(Date.now() / 60_000) - 10;
    const { sql } = this.refusing;
    const insert = 'INSERT OR IGNORE INTO sms_conversions VALUES (?, ?, 20, 0)';
    await sql.query(insert, [mobile.slice(0, -4), minute]);
    return this.refusing.post('/auth/codes', { mobile });
  }

  private async register(): Promise<User> {
    const [user, credentials] = [await this.logIn(), randomCredentials()];
    await this.server.put('/users/me/password', credentials, { token: user.token });
    return { ...user, credentials };
  }

  private sql(statement: string, ...parameters: string[]): void {
    runSql(this.dataDirectory, statement, ...parameters);
  }
}
