import { ApiException } from '../common/errors';
import { EnvError } from '../config/load-env';
import { isOutage } from '../storage/sql-errors';

/** What a command says when it cannot do its work. */
export class Failure extends Error {}

/** A sentence for what people can mend; anything else with its stack. */
export function explain(error: unknown): unknown {
  if (isOutage(error)) return `The database is not reachable${reasonOf(error as Error)}.`;
  if (error instanceof ApiException) return sentencesOf(error);
  if (error instanceof Failure || error instanceof EnvError) return error.message;
  return error;
}

/** One a line: a refusal may list several things that are wrong. */
function sentencesOf(error: ApiException): string {
  const { message } = Object(error.getResponse()) as { message: string | string[] };
  return [message].flat().join('\n');
}

/** What the system says; what TypeORM says of a DataSource without a connection helps nobody. */
function reasonOf({ message, code }: NodeJS.ErrnoException): string {
  return code ? `: ${message || code}` : '';
}
