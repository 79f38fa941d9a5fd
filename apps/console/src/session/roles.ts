/** Each may what those before it may. */
const ROLES = ['viewer', 'support', 'admin'] as const;

export type Role = (typeof ROLES)[number];

export const isOperator = (roles: readonly string[]): boolean => allows(roles, 'viewer');

export function allows(roles: readonly string[], least: Role): boolean {
  return ROLES.slice(ROLES.indexOf(least)).some((role) => roles.includes(role));
}
