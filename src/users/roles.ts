import type { ColumnOptions } from 'typeorm';

/** Of those who run this server, the one that may most first: each may what the ones behind it may. */
export const OPERATOR_ROLES = ['admin', 'support', 'viewer'] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];

/** Characters of all roles of a user together. */
export const ROLES_LENGTH = 255;

/** As SQL holds them: in one order, separated by spaces, null without any. */
export function rolesText(roles: readonly string[]): string | null {
  const operators: readonly string[] = OPERATOR_ROLES;
  const own = roles.filter((role) => !operators.includes(role)).toSorted();
  const ordered = [...operators.filter((role) => roles.includes(role)), ...new Set(own)];
  return ordered.length > 0 ? ordered.join(' ') : null;
}

export function rolesOf(text: string | null): string[] {
  return text ? text.split(' ') : [];
}

/** Whether somebody with these roles is what `wanted` says, or more. */
export function isAllowed(roles: readonly string[], wanted: string): boolean {
  const rank = (OPERATOR_ROLES as readonly string[]).indexOf(wanted);
  const enough = rank < 0 ? [wanted] : OPERATOR_ROLES.slice(0, rank + 1);
  return enough.some((role) => roles.includes(role));
}

export const ROLES = {
  type: 'varchar',
  length: ROLES_LENGTH,
  nullable: true,
  transformer: {
    to: (roles: readonly string[] | undefined) => roles && rolesText(roles),
    from: rolesOf,
  },
} as const satisfies ColumnOptions;
