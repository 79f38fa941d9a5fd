import { growingCache } from '../common/growing-cache';
import type { TokenKeysService } from './keys/token-keys.service';

/** Tokens; with what is kept of each about 15 MB. */
const MAX_KEPT = 20_000;
/** The usual spelling. Others, with any number of spaces, would let one token fill the memory. */
const USUAL = /^Bearer \S+$/;

interface Kept<T> {
  readonly of: T;
  /** All keys of the moment, to which no token is known any more once one is removed. */
  readonly keys: ReturnType<TokenKeysService['of']>;
}

/**
 * What was read from genuine tokens: their signatures need not be verified again. Kept by the whole `Authorization`
 * header, so that a token which differs in anything is another one.
 */
export class KeptTokens<T> {
  private readonly kept = growingCache<string, Kept<T>>(MAX_KEPT);

  /** @param keys those that verify tokens at this moment. */
  constructor(private readonly keys: () => ReturnType<TokenKeysService['of']>) {}

  keep(authorization: string, of: T): void {
    if (USUAL.test(authorization)) this.kept.set(authorization, { of, keys: this.keys() });
  }

  find(authorization: string | undefined): T | undefined {
    const known = authorization && this.kept.get(authorization);
    if (!known) return undefined;
    if (known.keys === this.keys()) return known.of;
    this.forget(authorization);
    return undefined;
  }

  forget(authorization: string): void {
    this.kept.delete(authorization);
  }
}
