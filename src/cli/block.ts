import { Module } from '@nestjs/common';
import type { Command } from 'commander';
import { AuditModule } from '../audit/audit.module';
import { BlocksService, type BlockUntil } from '../codes/blocks/blocks.service';
import type { Env } from '../config/env';
import { type AsOption, asOption, byCommand } from './actor';
import { FOR, TARGET } from './block-parameters';
import { inContext } from './context';
import { Failure } from './failure';
import { showProgress } from './progress';

@Module({ imports: [AuditModule], providers: [BlocksService] })
class BlockCommandsModule {}

interface JsonOption {
  readonly json?: true;
}

interface AddOptions extends JsonOption, AsOption {
  readonly for: number;
}

const NOTICE = `
They get no code and cannot log in, on every node within a second, and are answered as if they had used up a limit. Who is logged
in stays so: see tandem sessions and tandem users.`;

export function block(tandem: Command, readEnv: () => Env): void {
  const command = tandem.command('block').description('Shuts numbers and networks out for a time.');
  command
    .command('add')
    .description('Blocks a number, those that begin alike, or a network; anew if it is blocked.')
    .addArgument(TARGET)
    .addOption(FOR)
    .addOption(asOption())
    .option('--json', 'print the block as JSON')
    .addHelpText('after', NOTICE)
    .action((text: string, options: AddOptions) => add(readEnv(), text, options));
  command
    .command('list')
    .description('Lists what is blocked, and until when.')
    .option('--json', 'print the list as JSON')
    .action((options: JsonOption) => list(readEnv(), options));
  command
    .command('remove')
    .description('Ends a block.')
    .addArgument(TARGET)
    .addOption(asOption())
    .action((text: string, options: AsOption) => remove(readEnv(), text, options));
}

async function add(env: Env, text: string, options: AddOptions): Promise<void> {
  const by = byCommand(options);
  const added = await withBlocks(env, (blocks) => blocks.add(text, options.for, by));
  console.log(options.json ? JSON.stringify(toJson(added)) : `Blocked ${lineFor(added)}.`);
}

async function list(env: Env, { json }: JsonOption): Promise<void> {
  const listed = await withBlocks(env, (blocks) => blocks.list(['all']));
  if (json) console.log(JSON.stringify(listed.map(toJson)));
  else console.log(listed.length > 0 ? listed.map(lineFor).join('\n') : 'Nothing is blocked.');
}

async function remove(env: Env, text: string, options: AsOption): Promise<void> {
  const by = byCommand(options);
  const wasThere = await withBlocks(env, (blocks) => blocks.remove(text, by));
  if (!wasThere) throw new Failure(`${text} was not blocked.`);
  console.log(`${text} is not blocked any more.`);
}

function withBlocks<T>(env: Env, work: (blocks: BlocksService) => Promise<T>): Promise<T> {
  const done = inContext(env, BlockCommandsModule, (context) => work(context.get(BlocksService)));
  return showProgress('Waiting for the database', done);
}

const lineFor = ({ target: blocked, expiresAt }: BlockUntil) =>
  `${blocked} until ${expiresAt.toISOString()}`;

const toJson = ({ target: blocked, expiresAt }: BlockUntil) => ({
  target: blocked,
  expires_at: expiresAt.toISOString(),
});
