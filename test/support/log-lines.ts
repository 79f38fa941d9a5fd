import type { ServerProcess } from './server-process';

export interface LogLine {
  level: string;
  msg: string;
  request_id?: string;
  [field: string]: unknown;
}

/** What the `log` provider prints is the phone's display, not a log. */
const SMS = /^SMS to \+\d+: .*\b\d{6}\b/;

/** What a server has printed, without the messages it sent. */
export const logOutput = ({ output }: ServerProcess): string[] =>
  output.filter((line) => !SMS.test(line));

/** @throws SyntaxError for a line that is not JSON. */
export const logLines = (server: ServerProcess): LogLine[] =>
  logOutput(server).map((line) => JSON.parse(line));

/** Waits for the code that the `log` provider prints. */
export async function printedCode(server: ServerProcess, mobile: string): Promise<string> {
  const [, code] = await server.printed(new RegExp(`^SMS to \\${mobile}: .*?\\b(\\d{6})\\b`));
  return code!;
}
