import type { INestApplication } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { createApp } from '../../src/app';
import { HooksModule } from '../../src/auth/hooks.module';
import { parseEnv } from '../../src/config/load-env';
import { TANDEM } from '../../src/storage/tandem';
import { cheapenPasswords } from './cheap-passwords';
import { Client, type TokenPair } from './client';
import { type Host, startHost } from './host-app';
import { migratedStores } from './migrated-stores';
import { randomMobile } from './mobile';
import { smsEnv } from './sms-env';
import { SmsInbox } from './sms-inbox';
import { freshStores, type Mode } from './stores';
import { until } from './until';

cheapenPasswords();

/** With an adapter it is the application of somebody else with Tandem in it, instead of our server. */
export interface TestAppOptions extends Partial<Host> {
  mode?: Mode;
  env?: Record<string, string>;
  /** False for a start that cannot reach its database. */
  isReached?: boolean;
}

export interface LoggedIn extends TokenPair {
  mobile: string;
  device_token: string;
  /** The code that was spent. */
  code: string;
}

interface ShownDevice {
  device_token?: string;
}

/**
 * The whole application in this process, listening on a real socket, with stores of its own and a
 * webhook that receives its messages.
 */
export class TestApp extends Client {
  private constructor(
    readonly nest: INestApplication,
    readonly inbox: SmsInbox,
    readonly env: Record<string, string>,
    private readonly host: Partial<Host>,
    url: string,
  ) {
    super(url);
  }

  static async start(options: TestAppOptions = {}) {
    const { mode = 'embedded', env = {}, isReached = true, ...host } = options;
    const inbox = await SmsInbox.open();
    // A host has a prefix of its own.
    const hasTemplate = !host.adapter && !env.DATABASE_URL && !env.TABLE_PREFIX;
    const stores = await (hasTemplate ? migratedStores : freshStores)(mode);
    const variables = { ...stores, ...smsEnv(inbox), ...env };
    const app = await TestApp.startWith(variables, inbox, host);
    // A start does not wait for long, and migrations may take longer here.
    if (isReached && !host.dataSource) await until(() => app.sql.isInitialized);
    return app;
  }

  /**
   * The same stores and phones again, as after a restart of the process, with changes to its configuration.
   *
   * @param options.whileDown is done while no process runs.
   */
  async restart({
    env = {},
    whileDown,
    ...parts
  }: Omit<TestAppOptions, 'mode'> & { whileDown?: () => void } = {}): Promise<TestApp> {
    await this.nest.close();
    whileDown?.();
    const { adapter } = this.host;
    return TestApp.startWith({ ...this.env, ...env }, this.inbox, { adapter, ...parts });
  }

  private static async startWith(
    env: Record<string, string>,
    inbox: SmsInbox,
    host: Partial<Host>,
  ) {
    const { adapter } = host;
    const app = await (adapter ? startHost({ ...host, adapter }, env) : startServer(env, host));
    return new TestApp(app, inbox, env, host, await app.getUrl());
  }

  get sql(): DataSource {
    return this.nest.get(getDataSourceToken(TANDEM));
  }

  /** Asks for a code and reads it from the phone. */
  async requestCode(
    mobile = randomMobile(),
    shown: ShownDevice = {},
  ): Promise<{ mobile: string; code: string }> {
    const answer = await this.post('/auth/codes', { mobile, ...shown });
    if (answer.status !== 202) throw new Error(`No code: ${JSON.stringify(answer.body)}`);
    return { mobile, code: this.inbox.codeFor(mobile) };
  }

  /** The whole way in, by code, on a device that is new if it shows no token. */
  async logIn(mobile = randomMobile(), shown: ShownDevice = {}): Promise<LoggedIn> {
    const request = await this.requestCode(mobile, shown);
    const answer = await this.post('/auth/tokens', { ...request, ...shown });
    if (answer.status !== 201) throw new Error(`No login: ${JSON.stringify(answer.body)}`);
    return { ...answer.body, ...request };
  }

  async close(): Promise<void> {
    await this.nest.close();
    await this.inbox.close();
  }
}

async function startServer(env: Record<string, string>, { controllers, hooks }: Partial<Host>) {
  const imports = hooks && [HooksModule.forRoot(hooks)];
  const app = await createApp(parseEnv(env), { controllers, imports });
  await app.listen(0, '127.0.0.1');
  return app;
}
