import { KeyRing } from '../../src/config/key-ring';
import type { TestApp } from './test-app';

export type TokenKeys = Record<'access' | 'refresh', Buffer>;

/** The HMAC keys that an application signs with, as one who has its secret would know them. */
export function tokenKeysOf(app: TestApp): TokenKeys {
  const ring = app.nest.get(KeyRing);
  return { access: ring.derive('access token'), refresh: ring.derive('refresh token') };
}
