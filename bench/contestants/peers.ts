import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

export const PEERS = resolve(__dirname, '../peers');
const ROOT = resolve(__dirname, '../..');

let outcome: { hindrance?: string } | undefined;

/** Installs and builds the peers, which have dependencies of their own. @returns why it could not, in words. */
export function missingPeers(): string | undefined {
  outcome ??= installPeers();
  return outcome.hindrance;
}

function installPeers(): { hindrance?: string } {
  const options = { stdio: 'ignore', cwd: PEERS } as const;
  try {
    // Quick, and says nothing, when all is there already.
    execFileSync('npm', ['ls', '--all'], options);
  } catch {
    try {
      execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options);
    } catch {
      return { hindrance: 'not installed, as npm ci in bench/peers failed' };
    }
  }
  execFileSync(process.execPath, [resolve(ROOT, 'node_modules/typescript/bin/tsc'), '-p', PEERS]);
  return {};
}
