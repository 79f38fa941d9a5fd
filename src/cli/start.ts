import type { Command } from 'commander';

export function start(tandem: Command): void {
  tandem
    .command('start')
    .description('Serves, as the variables of the environment and of .env say.')
    .action(() => void require('../main'));
}
