/** Letters of both cases, of which the lower one is kept. */
export const USERNAME = /^[A-Za-z0-9][A-Za-z0-9._-]{1,30}[A-Za-z0-9]$/;
export const USERNAME_RULE =
  'username must be 3 to 32 letters, digits, dots, hyphens or underscores, with a letter or digit at both ends';
