import { createHash, randomBytes } from 'node:crypto';
import type { Command } from 'commander';

export function secret(tandem: Command): void {
  tandem
    .command('secret')
    .description('Prints a fresh secret, and on standard error its digest for SERVICE_CLIENTS.')
    .option('--json', 'print both as JSON')
    .action(print);
}

function print({ json }: { json?: true }): void {
  const fresh = randomBytes(48).toString('base64url');
  const sha256 = createHash('sha256').update(fresh).digest('hex');
  if (json) return console.log(JSON.stringify({ secret: fresh, sha256 }));
  console.log(fresh);
  console.error(`SHA-256, for SERVICE_CLIENTS: ${sha256}`);
}
