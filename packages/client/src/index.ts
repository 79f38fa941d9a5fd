export type { CodeProofOptions, DeletionCode, NumberChange } from './account.ts';
export type { Fetch } from './api.ts';
export type * from './contract.ts';
export { createTandem } from './create-tandem.ts';
export type { Environment } from './environment.ts';
export { type ClientErrorCode, TandemError } from './errors.ts';
export type { EndReason } from './kept.ts';
export type {
  ClaimAnswer,
  CodeLoginOptions,
  CodeOptions,
  LoggedIn,
  Ownership,
  Proof,
  SentCode,
} from './logins.ts';
export type { SessionState, SessionStatus } from './session.ts';
export type { StorageOption, TextStorage } from './storage.ts';
export type { Tandem, TandemOptions } from './tandem.ts';
