import { type INestApplicationContext, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Command } from 'commander';
import { DeviceQueries } from '../auth/device.queries';
import { GrantsService } from '../auth/grants.service';
import { LoginQueries } from '../auth/login.queries';
import { hasCountryCode, parseMobile } from '../common/phone-number';
import { isId } from '../common/snowflake';
import type { Env } from '../config/env';
import { DevicesModule } from '../sessions/devices.module';
import { RevocationListService } from '../sessions/revocation-list.service';
import { Session } from '../sessions/session.entity';
import { SessionsService } from '../sessions/sessions.service';
import { TANDEM } from '../storage/tandem';
import type { User } from '../users/user.entity';
import { UsersModule } from '../users/users.module';
import { UsersService } from '../users/users.service';
import { inContext } from './context';
import { Failure } from './failure';
import { showProgress } from './progress';

/** The servers learn of ended sessions by themselves, and this process has no requests to refuse. */
const NO_REVOCATIONS = { provide: RevocationListService, useValue: { add: () => undefined } };

/** Of the application only what a change of users takes: nothing that runs in the background. */
@Module({
  imports: [DevicesModule, UsersModule, TypeOrmModule.forFeature([Session], TANDEM)],
  providers: [DeviceQueries, GrantsService, LoginQueries, SessionsService, NO_REVOCATIONS],
})
class UserCommandsModule {}

interface UserCommand {
  readonly name: string;
  readonly description: string;
  readonly change: (context: INestApplicationContext, user: User) => Promise<void>;
}

const USER_COMMANDS: UserCommand[] = [
  {
    name: 'disable',
    description: 'Ends all sessions of a user on every node within a second.',
    change: (context, { id }) => context.get(GrantsService).disable(id),
  },
  {
    name: 'enable',
    description: 'Lets a user log in again.',
    change: (context, { id }) => context.get(UsersService).enable(id),
  },
];

export function users(tandem: Command, readEnv: () => Env): void {
  const command = tandem.command('users').description('Shuts users out, or lets them in again.');
  for (const userCommand of USER_COMMANDS) add(command, userCommand, readEnv);
}

function add(command: Command, userCommand: UserCommand, readEnv: () => Env): void {
  const { name, description, change } = userCommand;
  command
    .command(name)
    .description(description)
    .argument('<user>', 'the id, or the mobile number with + in any spelling')
    .option('--json', 'print the user as JSON')
    .action(async (text: string, { json }: { json?: true }) => {
      const changed = changeUser(readEnv(), text, change);
      const { id } = await showProgress('Waiting for the database', changed);
      if (json) console.log(JSON.stringify({ id, status: `${name}d` }));
      else console.log(`User ${id} is ${name}d.`);
    });
}

function changeUser(env: Env, text: string, change: UserCommand['change']): Promise<User> {
  return inContext(env, UserCommandsModule, async (context) => {
    const user = await find(context.get(UsersService), text);
    if (!user) throw new Failure('There is no such user.');
    await change(context, user);
    return user;
  });
}

async function find(service: UsersService, text: string): Promise<User | null> {
  if (hasCountryCode(text)) return service.findByMobile(parseMobile(text, ['*']));
  return isId(text) ? service.findById(text) : null;
}
