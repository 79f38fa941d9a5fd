import type { ErrorCodes } from './error-codes';

/** Primary codes: SQLite says in more detail what it says, as in `SQLITE_BUSY_SNAPSHOT`. */
export const sqliteErrors: ErrorCodes = {
  outages: ['SQLITE_BUSY', 'SQLITE_CANTOPEN', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY'],
  deadlocks: ['SQLITE_BUSY'],
  readOnly: [],
  permanent: [
    'SQLITE_AUTH',
    'SQLITE_CANTOPEN',
    'SQLITE_CORRUPT',
    // Syntax, and objects that are missing or there already.
    'SQLITE_ERROR',
    'SQLITE_NOTADB',
    'SQLITE_PERM',
    'SQLITE_READONLY',
  ],
  duplicateKey: /UNIQUE constraint failed: (\S+)$/,
};
