import { Account, type NumberChange } from './account.ts';
import { Api, type Fetch } from './api.ts';
import { AuthorizedRequests } from './authorized-requests.ts';
import type {
  AltchaChallengeDto,
  ConfigDto,
  MobileChangeDto,
  SessionDto,
  SteppedUpDto,
} from './contract.ts';
import { DeviceTokens } from './device-tokens.ts';
import { ENVIRONMENT, type Environment } from './environment.ts';
import {
  type CodeOptions,
  type LoggedIn,
  Logins,
  type Ownership,
  type Proof,
  type SentCode,
} from './logins.ts';
import { PendingLogin } from './pending-login.ts';
import { ServerClock } from './server-clock.ts';
import { Session, type SessionState } from './session.ts';
import { storageFor, type StorageOption } from './storage.ts';

export interface TandemOptions {
  /** Where Tandem is, with the path in front of its routes if there is one. */
  readonly url: string;
  /** Where tokens are kept: `local` by default in browsers, `cookie` where the server has cookies, `memory` elsewhere, or a store of the app. */
  readonly storage?: StorageOption;
  readonly fetch?: Fetch;
  /** Further origins whose API takes the access token, like `https://api.example.com`. */
  readonly origins?: readonly string[];
  /** The name of this build in `ANDROID_APP_HASH`. */
  readonly app?: string;
  /** For tests. */
  readonly environment?: Partial<Environment>;
}

export interface Tandem {
  /** When a store that takes its time has been read; of the others nobody needs to wait for it. */
  readonly ready: Promise<void>;
  /** What the session is in now. */
  session(): SessionState;
  /** With `cookie`, where nobody is logged in: takes up the session of a login on a page of the server, if there was one. */
  resume(): Promise<SessionState>;
  /** @returns what stops it. */
  onChange(listener: (state: SessionState) => void): () => void;
  /** What the server is set up for: countries, captcha, languages. */
  config(): Promise<ConfigDto>;

  /** After `CAPTCHA_REQUIRED`, where `config()` says `altcha`: what `solve` of `@tandem/client/altcha` makes an answer of. */
  captcha(mobile: string): Promise<AltchaChallengeDto>;
  requestCode(mobile: string, options?: CodeOptions): Promise<SentCode>;
  logIn(mobile: string, code: string, options?: Pick<CodeOptions, 'captcha'>): Promise<LoggedIn>;
  /** Answers `NUMBER_PERHAPS_REASSIGNED`, with the `ticket` of that error: the account goes on, or a new one is opened. */
  answerReassigned(mobile: string, ticket: string, owned: Ownership): Promise<LoggedIn>;
  logInWithPassword(username: string, password: string): Promise<LoggedIn>;
  /** `fetch` with the access token; see `AuthorizedRequests`. Paths are below `url`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;

  /** The live sessions of the user. */
  sessions(): Promise<SessionDto[]>;
  endSession(id: string): Promise<void>;
  endOtherSessions(): Promise<void>;
  /** Proves the user once more, for what asks for a recent login. A code is of `requestCode` to their own number. */
  stepUp(proof: Proof): Promise<SteppedUpDto>;
  /**
   * Sends a code to another number of the user. Wants a login or `stepUp` of the last ten minutes: by a code the number
   * changes with the proof, by a password 72 hours later.
   */
  changeNumber(mobile: string, options?: CodeOptions): Promise<NumberChange>;
  /** Proves the other number. All sessions but this one end when it changes. */
  proveNumber(change: NumberChange, code: string): Promise<MobileChangeDto>;
  /**
   * Ends all sessions and devices, and has the account erased after some days, which it resolves to. Wants a code of the
   * last ten minutes: a login by one, or `stepUp`.
   */
  deleteAccount(): Promise<Date>;
  /** Keeps an account that was to be erased, after a login in those days. Wants a code likewise. */
  keepAccount(): Promise<void>;
  /** @returns whether the server knows: it is told again for some seconds. In this browser it holds at once. */
  logOut(options?: { readonly forgetDevice?: boolean }): Promise<boolean>;
  /** To be called when an app comes to the foreground, or is online again. Browsers are listened to. */
  wake(): Promise<void>;
  /** Ends timers and listeners; the session stays. */
  dispose(): void;
}

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
  const account = new Account(requests, options.app);

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
    logIn: (mobile, code, { captcha } = {}) => logins.byCode(mobile, code, captcha),
    answerReassigned: (mobile, ticket, owned) => logins.byTicket(mobile, ticket, owned),
    logInWithPassword: (username, password) => logins.byPassword(username, password),
    fetch: (input, init) => requests.fetch(input, init),
    sessions: () => requests.ask<SessionDto[]>('GET', '/auth/sessions'),
    endSession: (id) => requests.ask<void>('DELETE', `/auth/sessions/${id}`),
    endOtherSessions: () => requests.ask<void>('DELETE', '/auth/sessions'),
    stepUp: async (proof) =>
      requests.ask<SteppedUpDto>('POST', '/auth/step-up', await logins.proofOf(proof)),
    changeNumber: (mobile, given = {}) => account.changeNumber(mobile, given),
    proveNumber: (change, code) => account.proveNumber(change, code),
    async deleteAccount() {
      const deleteAt = await account.delete();
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
