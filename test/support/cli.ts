import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { emptyDirectory } from './server-process';

export interface CliResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

const MAIN = resolve(__dirname, '../../dist/cli/main.js');

/** Runs `tandem COMMAND` as it is built to its end, in an empty working directory unless given. */
export async function runCli(
  parameters: string[],
  env: Record<string, string> = {},
  cwd = emptyDirectory(),
  main = MAIN,
): Promise<CliResult> {
  const child = spawn(process.execPath, [main, ...parameters], {
    cwd,
    env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, stdout, stderr };
}
