import type { Principal, RefreshPrincipal } from '../contract/current-user.decorator';

/** What a verified token says. */
export type Claims = Record<string, unknown>;

/** @returns the principal that verified claims speak for, or null when they are not of this use. */
export function accessPrincipal(claims: Claims): Principal | null {
  return claims.refresh === false ? principal('access', claims) : null;
}

/** @returns the principal that verified claims speak for, or null when they are not of this use. */
export function refreshPrincipal(claims: Claims): RefreshPrincipal | null {
  const { gen, exp, refresh } = claims;
  const known = refresh === true ? principal('refresh', claims) : null;
  if (!known || !Number.isSafeInteger(gen)) return null;
  // V8 is slow to add to an object that began as a copy: on paths that are taken much, copies come last.
  return { generation: gen as number, expiresAt: new Date((exp as number) * 1000), ...known };
}

function principal<U extends Principal['tokenUse']>(tokenUse: U, claims: Claims) {
  const { sub, sid, exp, roles = NO_ROLES } = claims;
  if (typeof sub !== 'string' || typeof sid !== 'string' || !Number.isSafeInteger(exp)) return null;
  return { tokenUse, userId: sub, sessionId: sid, roles: roles as readonly string[] };
}

const NO_ROLES: readonly string[] = Object.freeze([]);
