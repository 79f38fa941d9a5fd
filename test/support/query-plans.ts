import type { DataSource } from 'typeorm';

export interface Statement {
  text: string;
  parameters: unknown[];
}

/** One table of a statement as the planner would read it. */
interface Step {
  how: string;
  usesIndex: boolean;
  /** How many rows it expects to read, where the store tells. */
  rows: number;
}

/** Adds every statement of a database to `statements`, once each, until the function that it returns is called. */
export function recordStatements(
  { logger }: DataSource,
  statements: Map<string, Statement>,
): () => void {
  const log = jest.spyOn(logger, 'logQuery').mockImplementation((text, parameters = []) => {
    const shape = text.replace(/\d{13}/g, 'TIME');
    if (!statements.has(shape))
      statements.set(shape, { text, parameters: parameters as unknown[] });
  });
  return () => log.mockRestore();
}

/** Whether a statement looks for rows: what it would read without an index grows with its table. */
export const readsTables = ({ text }: Statement) =>
  /^(SELECT|UPDATE|DELETE|WITH|INSERT\b.*\bSELECT)\b/is.test(text.trim()) &&
  /\b(FROM|UPDATE)\b/i.test(text);

/** @returns what is wrong with the plan: every step that has no index, reads one in full, or more than `most` rows. */
export async function flawsOf(
  sql: DataSource,
  { text, parameters }: Statement,
  most: number,
): Promise<string[]> {
  const isMySql = sql.options.type === 'mysql';
  const explain = isMySql ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
  const plans = single(text, parameters)
    .filter(readsTables)
    .map((one) => sql.query(`${explain} ${one.text}`, one.parameters));
  const rows = (await Promise.all(plans)).flat();
  const steps: Step[] = rows.flatMap(isMySql ? mySqlSteps : sqliteSteps);
  return steps.filter((step) => !step.usesIndex || step.rows > most).map(({ how }) => how);
}

/** Statements that go to the server in one call. */
function single(texts: string, parameters: unknown[]): Statement[] {
  const left = [...parameters];
  return texts.split(';\n').map((text) => {
    return { text, parameters: left.splice(0, text.split('?').length - 1) };
  });
}

/** No table: nothing is read, or the one row of a unique key was looked for already while planning. No rows: it is inserted into. */
function mySqlSteps({ table, type, key, rows, Extra }: Record<string, string | null>): Step[] {
  const isOneRow = table?.startsWith('<derived') && type === 'system';
  if (table === null || rows === null || isOneRow) return [];
  const usesIndex = key !== null && type !== 'ALL' && type !== 'index';
  const how = `${table}: type ${type}, key ${key}, ${rows} rows, ${Extra}`;
  return [{ how, usesIndex, rows: Number(rows) }];
}

/**
 * `SEARCH sessions USING INDEX ix_sessions_ended_at (ended_at>?)` or `SCAN sessions`; `exists` reads from a row of TypeORM's
 * own, and `only_row` is that of a subquery.
 */
function sqliteSteps({ detail }: { detail: string }): Step[] {
  const isRead = /^(SEARCH|SCAN) (?!CONSTANT ROW|dummy_table|only_row)/.test(detail);
  const usesIndex = /^SEARCH .* USING .*(INDEX \w+|PRIMARY KEY)/.test(detail);
  return isRead ? [{ how: detail, usesIndex, rows: 0 }] : [];
}
