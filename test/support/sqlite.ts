import { join } from 'node:path';

/** Runs a statement on the database of an embedded server, behind its back. */
export function runSql(dataDirectory: string, statement: string, ...parameters: string[]): void {
  const Database = require('libsql');
  const database = new Database(join(dataDirectory, 'tandem.db'));
  database.prepare(statement).run(...parameters);
  database.close();
}
