import { fromNewAddress } from './address';
import { otherThan } from './codes';
import { randomCredentials } from './credentials';
import type { TokenPair } from './client';
import { printedCode } from './log-lines';
import { randomMobile } from './mobile';
import { rawRequest } from './raw-request';
import type { ServerProcess } from './server-process';

const UUIDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What a server was told and must not repeat. */
export class Secrets {
  readonly all: string[] = [];

  add(...secrets: string[]): void {
    this.all.push(...secrets);
  }

  /** The secrets that a text holds. */
  leaks(text: string): string[] {
    // Six digits of a random id may well be those of a code.
    const searched = text.replaceAll(UUIDS, '');
    return this.all.filter((secret) =>
      /^\d{6}$/.test(secret)
        ? new RegExp(`(?<![\\da-z])${secret}(?![\\da-z])`, 'i').test(searched)
        : searched.includes(secret),
    );
  }
}

interface SignedUp extends TokenPair {
  mobile: string;
  device_token: string;
  /** The code that was right, and one that was not. */
  codes: string[];
}

/** Logs in by code, at the second attempt. The server must print its messages and trust a proxy. */
export async function signUp(server: ServerProcess): Promise<SignedUp> {
  const mobile = randomMobile();
  await server.post('/auth/codes', { mobile }, fromNewAddress());
  const code = await printedCode(server, mobile);
  const wrong = otherThan(code);
  await server.post('/auth/tokens', { mobile, code: wrong }, fromNewAddress());
  const { body } = await server.post('/auth/tokens', { mobile, code }, fromNewAddress());
  return { ...body, mobile, codes: [code, wrong] };
}

/** Uses every route with secrets, in the right places and in all the wrong ones. */
export async function spreadSecrets(server: ServerProcess, logins: number): Promise<Secrets> {
  const secrets = new Secrets();
  const taken = randomCredentials();
  for (let count = 0; count < logins; count++) {
    const { mobile, codes, token, refresh_token, device_token } = await signUp(server);
    const own = randomCredentials();
    secrets.add(mobile.slice(3), ...codes, own.password, taken.password);
    secrets.add(device_token);
    for (const jwt of [token, refresh_token]) secrets.add(jwt, ...jwt.split('.').slice(1));
    await server.put('/auth/tokens', undefined, { token: refresh_token });
    await server.put('/users/me/password', own, { token });
    await server.put('/users/me/password', taken, { token });
    await server.post('/auth/login', { ...own, password: taken.password }, fromNewAddress());
  }
  for (const secret of new Set(secrets.all.slice(0, 11))) await misplace(server, secret);
  return secrets;
}

/** Sends a secret where it does not belong. */
async function misplace(server: ServerProcess, secret: string): Promise<void> {
  const text = encodeURIComponent(secret);
  for (const path of [`/${text}`, `/users/me/${text}`, `/%ff${text}`, `/users/me?q=${text}`]) {
    await server.get(path, { token: secret, headers: { cookie: secret, 'x-secret': secret } });
  }
  for (const body of [secret, `{"mobile":"${secret}`, { [secret]: secret }, { mobile: [secret] }]) {
    await server.post('/auth/codes', body);
  }
  await server.post('/auth/codes', secret, { headers: { 'content-type': 'text/plain' } });
  await server.get('/health/live', { headers: { 'x-secret': secret.padEnd(20_000) } });
  await rawRequest(server.baseUrl, `BREW /${text} HTTP/1.1\r\n\r\n`);
}
