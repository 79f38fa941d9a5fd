import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '../../src/app';
import { EnvError, parseEnv } from '../../src/config/load-env';
import { runCli } from '../support/cli';
import { generateJwk, writeKeys } from '../support/jwk';
import { decodeJwt } from '../support/jwt';
import type { TokenPair } from '../support/client';
import { randomMobile } from '../support/mobile';
import { emptyDirectory, ServerProcess } from '../support/server-process';
import { SmsInbox } from '../support/sms-inbox';
import { freshStores, MODES } from '../support/stores';
import { smsEnv } from '../support/sms-env';
import { until } from '../support/until';

const OLD = generateJwk('ES256');
const NEW = generateJwk('RS256');
const RELOADED = /JWT_KEYS_FILE (not )?reloaded/;

const reloads = ({ output }: ServerProcess) => output.filter((line) => RELOADED.test(line));

/** Resolves to what the server says of the file after it has read it again. */
async function reload(server: ServerProcess): Promise<string> {
  const before = reloads(server).length;
  server.child.kill('SIGHUP');
  await until(() => reloads(server).length > before);
  return reloads(server).at(-1)!;
}

const openAt = (server: ServerProcess, ...users: TokenPair[]) =>
  Promise.all(users.map(async ({ token }) => (await server.get('/users/me', { token })).status));

describe('rotating the keys of two nodes with one database', () => {
  const file = writeKeys([OLD]);
  let inbox: SmsInbox;
  let [a, b]: ServerProcess[] = [];

  let env: Record<string, string>;

  beforeAll(async () => {
    inbox = await SmsInbox.open();
    env = {
      ...(await freshStores(MODES.at(-1)!)),
      ...smsEnv(inbox),
      LOG_LEVEL: 'info',
      JWT_SECRET: 'the secret of both nodes',
      JWT_KEYS_FILE: file,
    };
    [a, b] = [await ServerProcess.startReady(env), await ServerProcess.startReady(env)];
  });
  afterAll(async () => {
    await Promise.all([a!.stop('SIGKILL'), b!.stop('SIGKILL')]);
    await inbox.close();
  });

  const logInAt = async (server: ServerProcess): Promise<TokenPair & { kid: unknown }> => {
    const mobile = randomMobile();
    await server.post('/auth/codes', { mobile });
    const { body } = await server.post('/auth/tokens', { mobile, code: inbox.codeFor(mobile) });
    return { ...body, kid: decodeJwt(body.token).header.kid };
  };

  it('keeps every token valid on both nodes in every stage, until the old key is dropped', async () => {
    const first = await logInAt(a!);

    writeKeys([OLD, NEW], file);
    await reload(a!);
    expect(await openAt(b!, await logInAt(a!))).toEqual([200]);
    await reload(b!);
    const added = await logInAt(b!);
    expect([first.kid, added.kid]).toEqual([OLD.kid, OLD.kid]);

    writeKeys([NEW, OLD], file);
    await reload(a!);
    const [byNew, byOld] = [await logInAt(a!), await logInAt(b!)];
    expect([byNew.kid, byOld.kid]).toEqual([NEW.kid, OLD.kid]);
    expect(await openAt(a!, first, added, byNew, byOld)).toEqual([200, 200, 200, 200]);
    expect(await openAt(b!, first, added, byNew, byOld)).toEqual([200, 200, 200, 200]);
    await reload(b!);
    const moved = await logInAt(b!);
    expect(moved.kid).toBe(NEW.kid);

    writeKeys([NEW], file);
    await reload(a!);
    expect(await openAt(a!, first, byOld, byNew, moved)).toEqual([401, 401, 200, 200]);
    expect(await openAt(b!, first, byOld, byNew, moved)).toEqual([200, 200, 200, 200]);
    await reload(b!);
    const refreshed = await b!.put('/auth/tokens', undefined, { token: first.refresh_token });
    expect(await openAt(a!, first, refreshed.body)).toEqual([401, 200]);
    expect((await a!.get('/.well-known/jwks.json')).body.keys).toHaveLength(1);
  });

  it('is in the audit, each reload of each node', async () => {
    const tail = ['audit', 'tail', '--action', 'keys.reloaded', '--json'];
    let lines: string[] = [];
    await until(async () => {
      lines = (await runCli(tail, env)).stdout.trim().split('\n');
      return lines.length === 6;
    });

    const signing = [OLD, OLD, NEW, NEW, NEW, NEW];
    for (const [index, { kid }] of signing.entries()) expect(lines[index]).toContain(kid);
  });

  it('is not done by a file that is not usable: nothing changes, and the log says why', async () => {
    const user = await logInAt(a!);
    const published = (await a!.get('/.well-known/jwks.json')).body;
    const broken = generateJwk();
    writeKeys([broken, { ...broken, alg: 'RS256' }], file);

    const line = await reload(a!);

    expect(line).toContain('key 2 is for RS256');
    expect(a!.output.join('\n')).not.toContain(broken.d);
    expect((await a!.get('/.well-known/jwks.json')).body).toEqual(published);
    expect((await logInAt(a!)).kid).toBe(user.kid);
    expect(await openAt(a!, user)).toEqual([200]);
  });
});

describe('a server with a key file that is not usable', () => {
  const jwk = generateJwk();
  const { d, ...publicJwk } = jwk;
  const directory = emptyDirectory();
  const write = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };

  it.each<[string, string, RegExp]>([
    ['is not there', join(directory, 'none.json'), /ENOENT/],
    ['is not JSON', write('text.json', `{"keys": [{"d": "${d}"`), /it is not JSON/],
    ['has a public key', writeKeys([jwk, publicJwk]), /key 2 is not a private key/],
    ['has a kid twice', writeKeys([jwk, jwk]), new RegExp(`two keys have the kid ${jwk.kid}`)],
  ])('does not start and says that the file %s', async (_, JWT_KEYS_FILE, reason) => {
    const env = parseEnv({ DATA_DIR: directory, JWT_KEYS_FILE, LOG_LEVEL: 'fatal' });

    const refusal = await createApp(env).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(EnvError);
    const { problems } = refusal as EnvError;
    expect(problems).toEqual([expect.stringMatching(reason)]);
    expect(problems.join()).not.toContain(d);
  });

  it('says it in a line', async () => {
    const { exitCode, output } = await ServerProcess.runToExit({
      JWT_KEYS_FILE: write('text.json', `{"keys": [{"d": "${d}"`),
    });

    expect(exitCode).toBe(1);
    const said = output.split('\n').filter((line) => line.includes('JWT_KEYS_FILE: '));
    expect(said).toEqual([expect.stringMatching(/it is not JSON/)]);
    expect(output).not.toMatch(/^ +at |"stack"/m);
    expect(output).not.toContain(d);
  });
});
