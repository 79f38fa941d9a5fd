import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import type { By } from '../audit/change';
import { UserOperationsService } from '../auth/user-operations.service';
import type { Env } from '../config/env';
import type { User } from '../users/user.entity';
import { type AsOption, asOption, byCommand } from './actor';
import { changeUser, USER } from './user-change';
import { usersDelete } from './users-delete';
import { usersExport } from './users-export';
import { usersImport } from './users-import';
import { usersNumber } from './users-number';
import { usersOperate } from './users-operate';

interface UserCommand {
  readonly name: string;
  readonly description: string;
  readonly change: (context: INestApplicationContext, user: User, by: By) => Promise<void>;
}

const USER_COMMANDS: UserCommand[] = [
  {
    name: 'disable',
    description: 'Ends all sessions of a user on every node within a second.',
    change: (context, { id }, by) => context.get(UserOperationsService).disable(id, by),
  },
  {
    name: 'enable',
    description: 'Lets a user log in again.',
    change: (context, { id }, by) => context.get(UserOperationsService).enable(id, by),
  },
];

export function users(tandem: Command, readEnv: () => Env): void {
  const command = tandem
    .command('users')
    .description(
      'Finds users, shuts them out, lets them in again, gives roles and numbers; deletes them; moves them in and out.',
    );
  for (const userCommand of USER_COMMANDS) add(command, userCommand, readEnv);
  usersDelete(command, readEnv);
  usersNumber(command, readEnv);
  usersOperate(command, readEnv);
  usersImport(command, readEnv);
  usersExport(command, readEnv);
}

function add(command: Command, userCommand: UserCommand, readEnv: () => Env): void {
  const { name, description, change } = userCommand;
  command
    .command(name)
    .description(description)
    .addArgument(USER)
    .option('--json', 'print the user as JSON')
    .addOption(asOption())
    .action(async (text: string, { json, as }: AsOption & { json?: true }) => {
      const by = byCommand({ as });
      const [{ id }] = await changeUser(readEnv(), text, (context, user) =>
        change(context, user, by),
      );
      if (json) console.log(JSON.stringify({ id, status: `${name}d` }));
      else console.log(`User ${id} is ${name}d.`);
    });
}
