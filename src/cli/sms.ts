import { type INestApplicationContext, Module } from '@nestjs/common';
import type { Command } from 'commander';
import { AuditModule } from '../audit/audit.module';
import { BlocksService, type BlockScope, type BlockUntil } from '../codes/blocks/blocks.service';
import type { Env } from '../config/env';
import { type MonitorPause, MonitorPausesService } from '../sms/monitor-pauses.service';
import { type AsOption, asOption, byCommand } from './actor';
import { FOR, TARGET } from './block-parameters';
import { inContext } from './context';
import { Failure } from './failure';
import { showProgress } from './progress';

@Module({ imports: [AuditModule], providers: [BlocksService, MonitorPausesService] })
class SmsCommandsModule {}

interface JsonOption {
  readonly json?: true;
}

interface PauseOptions extends JsonOption, AsOption {
  readonly for: number;
  readonly everybody?: true;
}

/** Of a pause: what `--everybody` makes of it, and what it is without. */
const SCOPES = ['messages', 'strangers'] as const satisfies BlockScope[];

const NOTICE = `
New messages are answered 503 SMS_PAUSED, on every node within a second. Codes that were sent work, and so do passwords and
sessions. Users go on getting codes on their devices, and in networks that their number was verified from, unless it is
called with --everybody.`;

const RESUME_NOTICE = `
It also ends what the monitor of unused codes has paused among these numbers, whose codes are counted anew then.`;

export function sms(tandem: Command, readEnv: () => Env): void {
  const command = tandem.command('sms').description('Pauses messages to numbers or for networks.');
  command
    .command('pause')
    .description(
      'Pauses new messages to numbers, or those asked for in a network; anew if they are.',
    )
    .addArgument(TARGET)
    .addOption(FOR)
    .addOption(asOption())
    .option('--everybody', 'also for devices and networks of users')
    .option('--json', 'print the pause as JSON')
    .addHelpText('after', NOTICE)
    .action((target: string, options: PauseOptions) => pause(readEnv(), target, options));
  command
    .command('resume')
    .description('Ends a pause.')
    .addArgument(TARGET)
    .addOption(asOption())
    .addHelpText('after', RESUME_NOTICE)
    .action((target: string, options: AsOption) => resume(readEnv(), target, options));
  command
    .command('pauses')
    .description(
      'Lists what is paused: by operators until when, and by the monitor of unused codes.',
    )
    .option('--json', 'print the list as JSON')
    .action((options: JsonOption) => list(readEnv(), options));
}

async function pause(env: Env, target: string, options: PauseOptions): Promise<void> {
  const by = byCommand(options);
  const scope = options.everybody ? 'messages' : 'strangers';
  const added = await withServices(env, async (context) => {
    const blocks = context.get(BlocksService);
    await Promise.all(SCOPES.map((one) => blocks.remove(target, by, one)));
    return blocks.add(target, options.for, by, scope);
  });
  console.log(options.json ? JSON.stringify(toJson(added)) : `Paused ${lineFor(added)}.`);
}

async function resume(env: Env, target: string, options: AsOption): Promise<void> {
  const by = byCommand(options);
  const wasThere = await withServices(env, async (context) => {
    const blocks = context.get(BlocksService);
    const removed = await Promise.all(SCOPES.map((one) => blocks.remove(target, by, one)));
    const lifted = await context.get(MonitorPausesService).lift(target, by);
    return removed.includes(true) || lifted > 0;
  });
  if (!wasThere) throw new Failure(`${target} was not paused.`);
  console.log(`${target} is not paused any more.`);
}

async function list(env: Env, { json }: JsonOption): Promise<void> {
  const [byOperators, byMonitor] = await withServices(env, (context) =>
    Promise.all([
      context.get(BlocksService).list(SCOPES),
      context.get(MonitorPausesService).list(),
    ]),
  );
  const rows = [...byOperators.map(toJson), ...byMonitor.map(monitorToJson)];
  if (json) return console.log(JSON.stringify(rows));
  const lines = [...byOperators.map(lineFor), ...byMonitor.map(monitorLine)];
  console.log(lines.length > 0 ? lines.join('\n') : 'Nothing is paused.');
}

function withServices<T>(
  env: Env,
  work: (context: INestApplicationContext) => Promise<T>,
): Promise<T> {
  return showProgress('Waiting for the database', inContext(env, SmsCommandsModule, work));
}

const lineFor = ({ target, scope, expiresAt }: BlockUntil) =>
  `${target} for ${scope === 'messages' ? 'everybody' : 'strangers'} until ${expiresAt.toISOString()}`;

const monitorLine = ({ prefix, sent, used }: MonitorPause) =>
  `${prefix}* for networks that brought no users: ${used} of ${sent} codes were used`;

const toJson = ({ target, scope, expiresAt }: BlockUntil) => ({
  target,
  by: 'operator',
  everybody: scope === 'messages',
  expires_at: expiresAt.toISOString(),
});

const monitorToJson = ({ prefix, sent, used }: MonitorPause) => ({
  target: `${prefix}*`,
  by: 'monitor',
  everybody: false,
  sent,
  used,
});
