import type { Command } from 'commander';
import { DeletionService } from '../auth/deletion/deletion.service';
import type { Env } from '../config/env';
import { type AsOption, asOption, byCommand, reasonOption } from './actor';
import { Failure } from './failure';
import { changeUser, USER } from './user-change';

interface DeleteOptions extends AsOption {
  readonly now?: true;
  readonly reason?: string;
  readonly json?: true;
}

const NOTICE = `
Until then the user may log in and cancel it, unless you disable them first. What is erased, and what stays, is in docs/accounts.md.`;

export function usersDelete(users: Command, readEnv: () => Env): void {
  users
    .command('delete')
    .description('Ends all sessions of a user at once, and erases them after DELETION_GRACE.')
    .addArgument(USER)
    .option('--now', 'erase them at once')
    .addOption(reasonOption())
    .option('--json', 'print the user as JSON')
    .addOption(asOption())
    .addHelpText('after', NOTICE)
    .action((text: string, options: DeleteOptions) => erase(readEnv(), text, options));
  users
    .command('keep')
    .description('Keeps a user who was to be deleted.')
    .addArgument(USER)
    .addOption(asOption())
    .action((text: string, options: AsOption) => keep(readEnv(), text, options));
}

async function erase(env: Env, text: string, options: DeleteOptions): Promise<void> {
  const { now, reason, json } = options;
  const by = { ...byCommand(options), reason };
  const [{ id }, deleteAt] = await changeUser(env, text, (context, user) =>
    context.get(DeletionService).request(user.id, by, now ? 0 : undefined),
  );
  if (json) console.log(JSON.stringify({ id, delete_at: deleteAt.toISOString() }));
  else if (deleteAt <= new Date()) console.log(`User ${id} is erased.`);
  else console.log(`User ${id} is to be erased at ${deleteAt.toISOString()}.`);
}

async function keep(env: Env, text: string, options: AsOption): Promise<void> {
  const [{ id }, isKept] = await changeUser(env, text, (context, user) =>
    context.get(DeletionService).cancel(user.id, byCommand(options)),
  );
  if (!isKept) throw new Failure(`User ${id} was not to be deleted.`);
  console.log(`User ${id} is kept.`);
}
