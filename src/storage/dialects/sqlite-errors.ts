import type { ErrorCodes } from './error-codes';

/** Primary result codes: extended ones, such as `SQLITE_BUSY_SNAPSHOT`, are reduced to them. */
export const sqliteErrors: ErrorCodes = {
  outages: ['SQLITE_BUSY', 'SQLITE_CANTOPEN', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY'],
  deadlocks: ['SQLITE_BUSY'],
  readOnly: [],
  permanent: [
    'SQLITE_AUTH',
    'SQLITE_CANTOPEN',
    'SQLITE_CORRUPT',
    // Syntax errors, and objects that are missing or exist already.
    'SQLITE_ERROR',
    'SQLITE_NOTADB',
    'SQLITE_PERM',
    'SQLITE_READONLY',
  ],
  duplicateKey: /UNIQUE constraint failed: (\S+)$/,
};
