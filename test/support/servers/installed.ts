import { execFileSync } from 'node:child_process';

/** Whether this machine has all of these programs, for specs that are skipped without. */
export const isInstalled = (...binaries: string[]) =>
  binaries.every((binary) => pathOf(binary) !== undefined);

/** Where a program is, undefined for one that this machine has not. */
export function pathOf(binary: string): string | undefined {
  try {
    return execFileSync('which', [binary], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}
