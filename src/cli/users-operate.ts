import { type INestApplicationContext, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Command } from 'commander';
import type { FoundUserDto, UserDetailsDto } from '../admin/dto/user.dto';
import { NumberLimitsService } from '../admin/number-limits.service';
import { SearchService } from '../admin/search.service';
import { UserViewService } from '../admin/user-view.service';
import { AuditEvent } from '../audit/audit-event.entity';
import { AuditModule } from '../audit/audit.module';
import { NumberMovesService } from '../auth/mobile-changes/number-moves.service';
import { UserOperationsService } from '../auth/user-operations.service';
import { UserRolesService } from '../auth/user-roles.service';
import { LimitsModule } from '../codes/limits.module';
import { hasCountryCode, parseMobile } from '../common/phone-number';
import { isId } from '../common/snowflake';
import type { Env } from '../config/env';
import { SmsDelivery } from '../sms/sms-delivery.entity';
import { TANDEM } from '../storage/tandem';
import type { Authority } from '../users/privileges.service';
import { UsersModule } from '../users/users.module';
import { UsersService } from '../users/users.service';
import { type AsOption, asOption, byCommand, reasonOption } from './actor';
import { CommandSessionsModule } from './command-sessions.module';
import { inContext } from './context';
import { Failure } from './failure';
import { showProgress } from './progress';

@Module({
  imports: [
    AuditModule,
    CommandSessionsModule,
    LimitsModule,
    TypeOrmModule.forFeature([AuditEvent, SmsDelivery], TANDEM),
    UsersModule,
  ],
  providers: [
    NumberLimitsService,
    NumberMovesService,
    SearchService,
    UserOperationsService,
    UserRolesService,
    UserViewService,
  ],
})
class UserOperationsModule {}

interface JsonOption {
  readonly json?: true;
}

interface ChangeOptions extends JsonOption, AsOption {
  readonly reason?: string;
}

const USER = 'the id, or the mobile number with + in any spelling';

/** What operators do by `/admin`, too: the first of them is made here. */
export function usersOperate(users: Command, readEnv: () => Env): void {
  users
    .command('find')
    .description('Finds users by number, id, beginning of the username, or the id of a request.')
    .argument('<query>')
    .option('--json', 'print the list as JSON')
    .action((query: string, options: JsonOption) => find(readEnv(), query, options));
  users
    .command('show')
    .description('Shows a user with sessions, devices, limits and the last messages.')
    .argument('<user>', USER)
    .option('--json', 'print the user as JSON')
    .action((user: string, options: JsonOption) => show(readEnv(), user, options));
  changing(users.command('logout'), 'Ends all sessions and devices of a user.').action(
    (user: string, options: ChangeOptions) => logOut(readEnv(), user, options),
  );
  changing(
    users.command('vouch'),
    'Says that the number is still the user’s: who proves it next is not asked whose the account is.',
  ).action((user: string, options: ChangeOptions) => vouch(readEnv(), user, options));
  changing(
    users.command('grant'),
    'Gives a user a role, and ends their sessions.',
    '<role>',
  ).action((user: string, role: string, options: ChangeOptions) =>
    changeRoles(readEnv(), user, (roles) => [...roles, role], options),
  );
  changing(users.command('revoke'), 'Takes a role away, and ends their sessions.', '<role>').action(
    (user: string, role: string, options: ChangeOptions) =>
      changeRoles(readEnv(), user, (roles) => roles.filter((one) => one !== role), options),
  );
}

function changing(command: Command, description: string, argument?: string): Command {
  command.description(description).argument('<user>', USER);
  if (argument) command.argument(argument, 'viewer, support, admin, or one of ROLES');
  return command
    .addOption(asOption())
    .addOption(reasonOption())
    .option('--json', 'print the user as JSON');
}

async function find(env: Env, query: string, { json }: JsonOption): Promise<void> {
  const { users } = await operate(env, (context) => context.get(SearchService).find(query));
  if (json) return console.log(JSON.stringify(users));
  console.log(users.length > 0 ? users.map(lineOf).join('\n') : 'Nobody is found.');
}

async function show(env: Env, text: string, { json }: JsonOption): Promise<void> {
  const user = await operate(env, async (context) =>
    context.get(UserViewService).detailsOf(await idOf(context, text)),
  );
  console.log(json ? JSON.stringify(user) : pageOf(user));
}

async function logOut(env: Env, text: string, options: ChangeOptions): Promise<void> {
  const id = await operate(env, async (context) => {
    const user = await idOf(context, text);
    await context.get(UserOperationsService).endSessions(user, orderOf(options));
    return user;
  });
  console.log(options.json ? JSON.stringify({ id }) : `User ${id} is logged out.`);
}

async function vouch(env: Env, text: string, options: ChangeOptions): Promise<void> {
  const id = await operate(env, async (context) => {
    const user = await idOf(context, text);
    await context.get(UserOperationsService).vouch(user, orderOf(options));
    return user;
  });
  console.log(options.json ? JSON.stringify({ id }) : `The number of user ${id} is theirs.`);
}

async function changeRoles(
  env: Env,
  text: string,
  to: (roles: readonly string[]) => string[],
  options: ChangeOptions,
): Promise<void> {
  const [id, roles] = await operate(env, async (context) => {
    const user = await idOf(context, text);
    const [, after] = await context.get(UserRolesService).change(user, to, orderOf(options));
    return [user, after];
  });
  const named = roles.length > 0 ? roles.join(', ') : 'none';
  console.log(options.json ? JSON.stringify({ id, roles }) : `Roles of user ${id}: ${named}.`);
}

function operate<T>(env: Env, work: (context: INestApplicationContext) => Promise<T>): Promise<T> {
  return showProgress('Waiting for the database', inContext(env, UserOperationsModule, work));
}

async function idOf(context: INestApplicationContext, text: string): Promise<string> {
  const users = context.get(UsersService);
  const user = hasCountryCode(text)
    ? await users.findByMobile(parseMobile(text, ['*']))
    : isId(text) && (await users.findById(text));
  if (!user) throw new Failure('There is no such user.');
  return user.id;
}

const orderOf = ({ as, reason: why }: ChangeOptions): Authority => ({
  ...byCommand({ as }),
  reason: why,
});

function lineOf({ id, mobile, username, status, roles }: FoundUserDto): string {
  const columns = [
    id.padEnd(19),
    (mobile ?? '–').padEnd(16),
    status.padEnd(8),
    (username ?? '–').padEnd(32),
  ];
  return `${columns.join('  ')}  ${roles.join(' ')}`.trimEnd();
}

function pageOf(user: UserDetailsDto): string {
  const { sessions, devices, limits, deliveries } = user;
  const used = limits?.filter((one) => one.used > 0) ?? [];
  return [
    lineOf(user),
    ...section('Sessions', sessions, (one) =>
      [one.id, one.network, one.device ?? '–', one.end_reason ?? 'live'].join('  '),
    ),
    ...section('Devices', devices, (one) => [one.id, one.network, one.device ?? '–'].join('  ')),
    ...section('Limits', used, (one) => `${one.limit}  ${one.left} left`),
    ...section('Messages', deliveries, (one) =>
      [one.created_at.toISOString(), one.provider, one.receipt ?? one.outcome].join('  '),
    ),
  ].join('\n');
}

function section<T>(title: string, rows: readonly T[], line: (row: T) => string): string[] {
  return rows.length > 0 ? ['', title, ...rows.map((row) => `  ${line(row)}`)] : [];
}
