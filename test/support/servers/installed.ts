import { execFileSync } from 'node:child_process';

/** Whether this machine has all of these programs, for specs that are skipped without. */
export function isInstalled(...binaries: string[]): boolean {
  return binaries.every((binary) => {
    try {
      execFileSync('which', [binary], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
