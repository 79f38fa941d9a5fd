import { commaSeparated, field } from './env-fields';

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
/** Of Tandem itself. */
const BUILT_IN = ['admin', 'support', 'viewer'];
/** Of all of them, with a space between two: a user may have each. */
const MAX_LENGTH = 255;

/** Names of the application's own roles, beside those of Tandem. */
export function OwnRoles(): PropertyDecorator {
  return field(
    commaSeparated,
    (roles) =>
      roles.every((role) => NAME.test(role) && !BUILT_IN.includes(role)) &&
      new Set(roles).size === roles.length &&
      [...BUILT_IN, ...roles].join(' ').length <= MAX_LENGTH,
    `must be a comma-separated list of names in lower case like moderator,driver, each once, 255 characters at most, and none of ${BUILT_IN.join(', ')}`,
  );
}
