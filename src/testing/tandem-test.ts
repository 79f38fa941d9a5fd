import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import type { TestingModuleBuilder } from '@nestjs/testing';
import { Clock } from '../common/clock';
import { limitsWith } from '../codes/limits';
import { CONFIGURATION } from '../config/config.module';
import { parseOptions } from '../config/load-env';
import type { Env } from '../config/env';
import type { EnvOptions } from '../config/tandem-env';
import { SMS_PROVIDERS } from '../sms/sms-sender.service';
import { type Answer, Caller, type TestUser } from './caller';
import { TestClock } from './test-clock';
import { TestInbox } from './test-inbox';

export interface TandemTestOptions {
  /** Options of Tandem for this test. Those of the host are not read: its database and providers are never reached. */
  readonly options?: EnvOptions;
  /** What stands before `/auth`: `routes.prefix`, or the global prefix of the host. */
  readonly prefix?: string;
}

/** So many that a test meets none unless it sets its own `LIMITS`. */
const NO_LIMIT = '9999999/1s';

/** A Tandem for tests: SQLite in a folder of its own, messages in memory, a clock that can be set, no limits. */
export class TandemTest {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tandem-test-'));
  private readonly env: Env;
  private readonly inbox: TestInbox;
  readonly clock = new TestClock();
  private application?: INestApplication;
  private caller?: Caller;

  constructor(private readonly settings: TandemTestOptions = {}) {
    this.env = parseOptions({ ...this.defaults(), ...settings.options });
    this.inbox = new TestInbox(this.env.SMS_COUNTRIES);
  }

  /** Puts this Tandem in the place of the one that the modules of `builder` import. */
  applyTo(builder: TestingModuleBuilder): TestingModuleBuilder {
    const database = join(this.folder, 'test.sqlite');
    const dataSource = { type: 'better-sqlite3', database, driver: this.clock.driver } as const;
    return builder
      .overrideProvider(CONFIGURATION)
      .useValue({ env: this.env, dataSource })
      .overrideProvider(SMS_PROVIDERS)
      .useValue(new Map([[this.inbox.name, this.inbox]]));
  }

  /** Tells where the application listens, which was built with {@link applyTo}. */
  async attachTo(app: INestApplication): Promise<this> {
    this.application = app;
    this.caller = new Caller((await app.getUrl()).replace('[::1]', '127.0.0.1'));
    this.clock.attachTo(app.get(Clock, { strict: false }));
    return this;
  }

  get app(): INestApplication {
    if (!this.application) throw new Error('The application has not been attached: attachTo(app)');
    return this.application;
  }

  /** Asks without a token. */
  get http(): Caller {
    void this.app;
    return this.caller!;
  }

  /**
   * The newest code that was sent to a number.
   *
   * @throws Error when none was.
   */
  lastCode(mobile: string): string {
    return this.inbox.codeFor(mobile);
  }

  /** The whole way in, by code. Without a number, as somebody new. */
  async loginAs(mobile = randomMobile()): Promise<TestUser> {
    const { prefix = '' } = this.settings;
    expectStatus(202, await this.http.post(`${prefix}/auth/codes`, { mobile }));
    const login = { mobile, code: this.lastCode(mobile) };
    const { body } = expectStatus(201, await this.http.post(`${prefix}/auth/tokens`, login));
    return Object.assign(this.http.as(body.token), { ...body, mobile });
  }

  /** Closes the application and deletes its database. */
  async close(): Promise<void> {
    await this.application?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private defaults(): EnvOptions {
    const limits = Object.keys(limitsWith({})).filter((name) => name !== 'captcha-answers');
    return {
      NODE_ENV: 'test',
      DATA_DIR: this.folder,
      SMS_PROVIDERS: 'log',
      CAPTCHA: 'off',
      SMS_BUDGET_DAILY: 'none',
      SMS_CONVERSION_GUARD: 'off',
      // Clocks of tests leap over months.
      RECYCLED_NUMBERS: 'off',
      LIMITS: limits.map((name) => `${name}=${NO_LIMIT}`).join(),
    };
  }
}

function expectStatus(status: number, answer: Answer): Answer {
  if (answer.status === status) return answer;
  throw new Error(`Tandem answers ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Of a block in which everything is a valid mobile number. */
function randomMobile(): string {
  return `+86138${String(randomInt(100_000_000)).padStart(8, '0')}`;
}
