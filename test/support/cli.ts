import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { emptyDirectory } from './server-process';

interface CliResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a built command line (`cli/users`) to its end, in an empty working directory unless given. */
export async function runCli(
  name: string,
  parameters: string[],
  env: Record<string, string> = {},
  cwd = emptyDirectory(),
): Promise<CliResult> {
  const file = resolve(__dirname, '../../dist', `${name}.js`);
  const child = spawn(process.execPath, [file, ...parameters], {
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
