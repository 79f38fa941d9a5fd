import type { Principal } from '../../contract/current-user.decorator';
import type { Env } from '../../config/env';

export type TokenUse = Principal['tokenUse'];

interface TokenUseRules {
  /** The `typ` header. */
  readonly typ: string;
  /** What their HMAC key is derived for. */
  readonly keyPurpose: string;
  /** Whether other services verify them: then the keys of `JWT_KEYS_FILE` sign them, where there is one. */
  readonly isForOthers: boolean;
  audience(env: Env): string | undefined;
  /** Seconds after `iat` for which they are accepted at most, whatever their `exp`. */
  maxAge(env: Env): number;
}

/** How the two kinds of tokens differ. */
export const TOKEN_USES: Record<TokenUse, TokenUseRules> = {
  access: {
    typ: 'at+jwt',
    keyPurpose: 'access token',
    isForOthers: true,
    audience: ({ JWT_AUDIENCE }) => JWT_AUDIENCE,
    // Holds for issued tokens, too, when it is shortened: ended sessions are remembered no longer than that.
    maxAge: ({ ACCESS_TOKEN_TTL }) => ACCESS_TOKEN_TTL,
  },
  refresh: {
    typ: 'rt+jwt',
    keyPurpose: 'refresh token',
    isForOthers: false,
    audience: () => undefined,
    // Their session's row says when it ends.
    maxAge: () => Infinity,
  },
};
