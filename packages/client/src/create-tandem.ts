import { Account, type CodeProofOptions, type DeletionCode } from './account.ts';
import { Api, type Fetch } from './api.ts';
import { AuthorizedRequests } from './authorized-requests.ts';
import type { ConfigDto, SessionDto, SteppedUpDto } from './contract.ts';
import { DeviceTokens } from './device-tokens.ts';
import { ENVIRONMENT } from './environment.ts';
import { Logins } from './logins.ts';
import { PendingLogin } from './pending-login.ts';
import { ServerClock } from './server-clock.ts';
import { Session } from './session.ts';
import { storageFor } from './storage.ts';
import type { Tandem, TandemOptions } from './tandem.ts';

/** @throws Error when `url` is none. */
export function createTandem(options: TandemOptions): Tandem {
  const { href: base, origin } = new URL(options.url);
  const url = base.replace(/\/+$/, '');
  const environment = { ...ENVIRONMENT, ...options.environment };
  const doFetch: Fetch = options.fetch ?? ((input, init) => fetch(input, init));
  const clock = new ServerClock(environment);
  const api = new Api(url, doFetch, clock, environment);
  const storage = storageFor(options.storage ?? 'local');
  const name = `tandem ${url}`;
  const session = new Session(api, clock, environment, storage, name);
  const devices = new DeviceTokens(storage, `${name} devices`);
  const pending = new PendingLogin(storage, `${name} login`, environment.secret);
  const logins = new Logins(api, session, devices, pending, environment, options.app);
  const origins = new Set([origin, ...(options.origins ?? [])]);
  const requests = new AuthorizedRequests(session, doFetch, url, origins);
  const account = new Account(requests, devices, options.app);

  return {
    ready: session.ready,
    session: () => session.state,
    async resume() {
      await session.resume();
      return session.state;
    },
    onChange: (listener) => session.onChange(listener),
    config: () => api.ask<ConfigDto>({ method: 'GET', path: '/auth/config' }),
    captcha: (mobile) => api.ask({ method: 'POST', path: '/auth/captcha', body: { mobile } }),
    requestCode: (mobile, given = {}) => logins.requestCode(mobile, given),
    logIn: (mobile, code, given = {}) => logins.byCode(mobile, code, given),
    answerReassigned: (mobile, ticket, answer) => logins.byTicket(mobile, ticket, answer),
    undoNumberChange: (ticket) => logins.undoChange(ticket),
    logInWithPassword: (username, password) => logins.byPassword(username, password),
    fetch: (input, init) => requests.fetch(input, init),
    sessions: () => requests.ask<SessionDto[]>('GET', '/auth/sessions'),
    endSession: (id) => requests.ask<void>('DELETE', `/auth/sessions/${id}`),
    endOtherSessions: () => requests.ask<void>('DELETE', '/auth/sessions'),
    stepUp: async (proof) =>
      requests.ask<SteppedUpDto>('POST', '/auth/step-up', await logins.proofOf(proof)),
    changeNumber: (mobile, given = {}) => account.changeNumber(mobile, given),
    proveNumber: (change, code, given = {}) => account.proveNumber(change, code, given),
    requestDeletion: (given = {}) => account.requestDeletion(given),
    async deleteAccount(sent?: DeletionCode, code?: string, given: CodeProofOptions = {}) {
      const deleteAt = await (sent ? account.deleteBy(sent, code!, given) : account.delete());
      await session.logOut();
      return deleteAt;
    },
    keepAccount: () => account.keep(),
    async logOut({ forgetDevice = false } = {}) {
      const isKnown = session.logOut();
      if (forgetDevice) await devices.forget();
      return isKnown;
    },
    wake: () => session.wake(),
    dispose: () => session.dispose(),
  };
}
