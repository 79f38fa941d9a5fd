import type { PrettyOptions } from 'pino-pretty';

type Line = Readonly<Record<string, unknown>>;

/** What {@link textOf} tells of a request. */
const OF_REQUESTS = 'request_id,trace_id,method,route,ms,error_code,user_id,session_id';

/** How pino-pretty writes for people: a line for each line of the log, and so for each request. */
export const TERMINAL_LINES: PrettyOptions = {
  ignore: `pid,hostname,context,status,${OF_REQUESTS}`,
  messageFormat: textOf,
  singleLine: true,
  sync: true,
};

function textOf(line: Line, messageKey: string): string {
  const { method, route, status, ms, error_code: errorCode, context, request_id: id } = line;
  const text = line[messageKey];
  const request = id && `(${id as string})`;
  const words =
    text === 'request'
      ? [method, route, status, `${ms as number} ms`, errorCode, request]
      : [context && `[${context as string}]`, text, status, request];
  return words.filter(Boolean).join(' ');
}
