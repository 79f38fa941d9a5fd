import type { CodeProofOptions, DeletionCode, NumberChange } from './account.ts';
import type { Fetch } from './api.ts';
import type {
  AltchaChallengeDto,
  ConfigDto,
  MobileChangeDto,
  SessionDto,
  SteppedUpDto,
  UndoneDto,
} from './contract.ts';
import type { Environment } from './environment.ts';
import type {
  ClaimAnswer,
  CodeLoginOptions,
  CodeOptions,
  LoggedIn,
  Proof,
  SentCode,
} from './logins.ts';
import type { SessionState } from './session.ts';
import type { StorageOption } from './storage.ts';

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
  logIn(mobile: string, code: string, options?: CodeLoginOptions): Promise<LoggedIn>;
  /** Answers `NUMBER_PERHAPS_REASSIGNED`, with the `ticket` of that error: the account goes on, or a new one is opened. */
  answerReassigned(mobile: string, ticket: string, answer: ClaimAnswer): Promise<LoggedIn>;
  /**
   * Answers `NUMBER_MOVED`, with the `ticket` of that error: the account takes its number back, or, where both were proved,
   * an operator decides (`recovery`). Logs nobody in.
   */
  undoNumberChange(ticket: string): Promise<UndoneDto['state']>;
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
  proveNumber(
    change: NumberChange,
    code: string,
    options?: CodeProofOptions,
  ): Promise<MobileChangeDto>;
  /** Sends a code to the number of the user that deletes the account: the message says so, and it does nothing else. */
  requestDeletion(options?: CodeOptions): Promise<DeletionCode>;
  /**
   * Ends all sessions and devices, and has the account erased after some days, which it resolves to. Wants what
   * `requestDeletion` answered with its code, or a code of the last ten minutes: a login by one, or `stepUp`.
   */
  deleteAccount(): Promise<Date>;
  deleteAccount(sent: DeletionCode, code: string, options?: CodeProofOptions): Promise<Date>;
  /** Keeps an account that was to be erased, after a login in those days. Wants a code likewise. */
  keepAccount(): Promise<void>;
  /** @returns whether the server knows: it is told again for some seconds. In this browser it holds at once. */
  logOut(options?: { readonly forgetDevice?: boolean }): Promise<boolean>;
  /** To be called when an app comes to the foreground, or is online again. Browsers are listened to. */
  wake(): Promise<void>;
  /** Ends timers and listeners; the session stays. */
  dispose(): void;
}
