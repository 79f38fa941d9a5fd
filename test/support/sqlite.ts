import { join } from 'node:path';

/** Runs a statement on the database of an embedded server, behind its back. */
export function runSql(dataDirectory: string, statement: string, ...parameters: string[]): void {
  const Database = require('libsql');
  // The server may be writing: without a timeout (ms) SQLite does not wait for it.
  const database = new Database(join(dataDirectory, 'tandem.db'), { timeout: 5000 });
  database.prepare(statement).run(...parameters);
  database.close();
}
