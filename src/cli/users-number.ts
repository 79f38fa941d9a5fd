import type { Command } from 'commander';
import { OrderedChangesService } from '../auth/mobile-changes/ordered-changes.service';
import { maskMobile, parseMobile } from '../common/phone-number';
import type { Env } from '../config/env';
import { type AsOption, asOption, byCommand, reasonOption } from './actor';
import { changeUser, USER } from './user-change';

interface NumberOptions extends AsOption {
  readonly reason?: string;
  readonly json?: true;
}

const NOTICE = `
It is kept for a week, and moves when its holder logs in with a code to it. The number before is kept for a week then, in which
its holder may undo it: docs/accounts.md.`;

export function usersNumber(users: Command, readEnv: () => Env): void {
  users
    .command('number')
    .description('Gives a user who has lost their number another one.')
    .addArgument(USER)
    .argument('<number>', 'with + in any spelling')
    .addOption(reasonOption())
    .option('--json', 'print the change as JSON')
    .addOption(asOption())
    .addHelpText('after', NOTICE)
    .action((text: string, to: string, options: NumberOptions) =>
      order(readEnv(), text, to, options),
    );
}

async function order(env: Env, text: string, to: string, options: NumberOptions): Promise<void> {
  const mobile = parseMobile(to, env.SMS_COUNTRIES);
  const by = { ...byCommand(options), reason: options.reason };
  const [{ id }, { id: change, dueAt }] = await changeUser(env, text, (context, user) =>
    context.get(OrderedChangesService).order(user.id, mobile, by),
  );
  if (options.json) console.log(JSON.stringify({ id, change, until: dueAt!.toISOString() }));
  else {
    const until = dueAt!.toISOString();
    console.log(`User ${id} gets ${maskMobile(mobile)} with a login by code until ${until}.`);
  }
}
