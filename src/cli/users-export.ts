import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Module } from '@nestjs/common';
import type { Command } from 'commander';
import { AuditModule } from '../audit/audit.module';
import type { Env } from '../config/env';
import { UsersExportService } from '../users/import/users-export.service';
import { type AsOption, asOption, byCommand } from './actor';
import { inContext } from './context';
import { plural } from './plural';

@Module({ imports: [AuditModule], providers: [UsersExportService] })
class ExportCommandModule {}

interface ExportOptions extends AsOption {
  readonly withPasswords?: true;
}

const NOTICE = `
One JSON object a line, with full numbers: keep the file as safe as the database. tandem users import takes it back.`;

export function usersExport(users: Command, readEnv: () => Env): void {
  users
    .command('export')
    .description('Writes all users with their profiles.')
    .argument('<file>', 'where to, or - for standard output')
    .option('--with-passwords', 'with the hashes of passwords, to move to another Tandem')
    .addOption(asOption())
    .addHelpText('after', NOTICE)
    .action((file: string, options: ExportOptions) => run(readEnv(), file, options));
}

async function run(env: Env, file: string, options: ExportOptions): Promise<void> {
  const { actor } = byCommand(options);
  // Nobody else's to read, and never over another file.
  const to = file === '-' ? process.stdout : createWriteStream(file, { mode: 0o600, flags: 'wx' });
  if (to !== process.stdout) await once(to, 'open');
  const counts = { withoutNumber: 0 };
  const amount = await inContext(env, ExportCommandModule, (context) => {
    const withPasswords = options.withPasswords === true;
    return writeTo(to, context.get(UsersExportService).export(actor, withPasswords, counts));
  });
  console.error(`Exported ${plural(amount, 'user')}.`);
  if (counts.withoutNumber > 0)
    console.error(
      `Left out ${plural(counts.withoutNumber, 'user')} without a number, which somebody else has by now: see docs/accounts.md.`,
    );
}

async function writeTo(to: Writable, pages: AsyncIterable<object[]>): Promise<number> {
  let amount = 0;
  for await (const users of pages) {
    const text = users.map((user) => `${JSON.stringify(user)}\n`).join('');
    if (!to.write(text)) await once(to, 'drain');
    amount += users.length;
  }
  if (to === process.stdout) return amount;
  to.end();
  await finished(to);
  return amount;
}
