import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Answer } from '../support/client';
import { printedCode } from '../support/log-lines';
import { randomMobile } from '../support/mobile';
import { emptyDirectory, ServerProcess } from '../support/server-process';

/** Variables that hide the npm packages whose names begin so from a process. */
const without = (name: string) => ({
  HIDDEN_PACKAGE: name,
  NODE_OPTIONS: `--require ${join(__dirname, '../support/hide-package.js')}`,
});

async function requestCode(server: ServerProcess, mobile: string): Promise<string> {
  await server.post('/auth/codes', { mobile });
  return printedCode(server, mobile);
}

const modeOf = (...path: string[]) => statSync(join(...path)).mode & 0o777;

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const answer = (isConnected: boolean) => {
      socket.destroy();
      resolve(isConnected);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}

describe('the server without any configuration', () => {
  const directory = emptyDirectory();
  let server: ServerProcess;
  let firstAnswer: Answer;

  beforeAll(async () => {
    server = await ServerProcess.start(without('@opentelemetry/sdk'), directory);
    firstAnswer = await server.untilReady();
  });
  afterAll(() => server.stop('SIGKILL'));

  it('is ready, and loads no SDK of OpenTelemetry', () => {
    // It could not have started: none is found in its process.
    expect(firstAnswer.status).toBe(200);
  });

  it('shows itself and its data to nobody else', async () => {
    const { hostname, port } = new URL(server.baseUrl);

    expect(hostname).toBe('127.0.0.1');
    expect(await isOpen('127.0.0.1', Number(port))).toBe(true);
    expect(await isOpen('127.0.0.2', Number(port))).toBe(false);
    expect(modeOf(directory, 'data')).toBe(0o700);
    expect(modeOf(directory, 'data', 'jwt-secret')).toBe(0o600);
    expect(modeOf(directory, 'data', 'tandem.db')).toBe(0o600);
  });

  it('lives on and says so when SIGHUP finds nothing to reload', async () => {
    server.child.kill('SIGHUP');

    await server.printed(/SIGHUP: nothing to reload without JWT_KEYS_FILE/);
    expect((await server.get('/health/live')).status).toBe(200);
  });

  it('keeps users, sessions, tokens and live codes when it is killed', async () => {
    const [mobile, waiting] = [randomMobile(), randomMobile()];
    const spent = { mobile, code: await requestCode(server, mobile) };
    const { body: pair } = await server.post('/auth/tokens', spent);
    const { body: before } = await server.get('/users/me', { token: pair.token });
    const live = { mobile: waiting, code: await requestCode(server, waiting) };

    await server.stop('SIGKILL');
    server = await ServerProcess.start({}, directory);

    expect((await server.get('/users/me', { token: pair.token })).body).toEqual(before);
    expect(
      (await server.put('/auth/tokens', undefined, { token: pair.refresh_token })).status,
    ).toBe(201);
    expect(await requestCode(server, waiting)).toBe(live.code);
    expect((await server.post('/auth/tokens', live)).status).toBe(201);
    expect((await server.post('/auth/tokens', spent)).body.errorCode).toBe('INVALID_CODE');
  });
});

describe('the server with a .env file in its working directory', () => {
  it('reads the file under the variables that are set', async () => {
    const directory = emptyDirectory();
    const lines = '\uFEFFLOG_LEVEL=loud\r\nPORT=http\r\nCODE_TTL=\r\nJWT_SECRET=a#b\r\n';
    writeFileSync(join(directory, '.env'), lines);

    const { exitCode, output } = await ServerProcess.runToExit({ PORT: '0' }, directory);

    expect(exitCode).toBe(1);
    expect(output).toContain('LOG_LEVEL must be');
    expect(output).toContain('line 4 of .env has a # in JWT_SECRET');
    expect(output).not.toMatch(/PORT|CODE_TTL/);
  });
});

describe('the server that cannot start', () => {
  it('rule 17: names every problem at once, prints no secret and exits with 1 in production', async () => {
    const secret = 'a-secret-of-the-test-0123456789-abcdef';

    const { exitCode, output } = await ServerProcess.runToExit({
      NODE_ENV: 'production',
      JWT_SECRET: secret,
      SMS_WEBHOOK_SECRET: secret,
      DATABASE_URL: `mysql://user:${secret}@db.example.com`,
      CODE_TTL: '5',
    });

    expect(exitCode).toBe(1);
    const problems = output.split('\n').filter((line) => line.startsWith('  - '));
    expect(problems.map((line) => line.split(' ')[3])).toEqual([
      'DATABASE_URL',
      'CODE_TTL',
      'REDIS_URL',
      'SMS_PROVIDERS',
      'JWT_SECRET',
      'SMS_WEBHOOK_SECRET',
      'SMS_WEBHOOK_SECRET',
    ]);
    expect(output).not.toContain(secret);
  });
});

describe('the server on an address that it cannot have', () => {
  it.each([
    ['port', { HOST: '127.0.0.1' }, /^PORT: 127\.0\.0\.1:\d+ is in use\. End/],
    [
      'name',
      { HOST: 'no-such-host.invalid' },
      /^HOST: no-such-host\.invalid has no address\. .*0\.0\.0\.0/,
    ],
    ['address', { HOST: '192.0.2.1' }, /^HOST: 192\.0\.2\.1 is not an address of this machine\./],
  ])('says so in a sentence before it makes a database: %s', async (_, env, sentence) => {
    const directory = emptyDirectory();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;

    const { exitCode, output } = await ServerProcess.runToExit(
      { ...env, PORT: String(port) },
      directory,
    );

    expect(exitCode).toBe(1);
    expect(output).toMatch(sentence);
    expect(output.split('\n')).toHaveLength(1);
    expect(readdirSync(directory)).toEqual([]);
    other.close();
  });
});

describe('the server with a provider of messages whose package is not installed', () => {
  it('refuses the start and says how to install it', async () => {
    const { exitCode, output } = await ServerProcess.runToExit({
      SMS_PROVIDERS: 'twilio',
      TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
      TWILIO_AUTH_TOKEN: 'the auth token of a test',
      TWILIO_FROM: 'Tandem',
      ...without('twilio'),
    });

    expect(exitCode).toBe(1);
    expect(output).toBe(
      'The configuration is not usable:\n' +
        '  - SMS_PROVIDERS=twilio needs a package that is not installed: npm install twilio@^6',
    );
  });
});

describe('the server that is to trace without the SDK', () => {
  it('refuses the start and says what to install', async () => {
    const { exitCode, output } = await ServerProcess.runToExit({
      ...without('@opentelemetry/sdk'),
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    });

    expect(exitCode).toBe(1);
    expect(output).toContain(
      'OTEL_EXPORTER_OTLP_ENDPOINT needs packages that are not installed: npm install @opentelemetry/sdk-trace-node@^2.12 @opentelemetry/resources@^2.12 @opentelemetry/exporter-trace-otlp-proto@~0.223',
    );
  });
});
