import { Module } from '@nestjs/common';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { blockTarget } from '../codes/blocks/block-target';
import { BlocksService, type BlockUntil } from '../codes/blocks/blocks.service';
import type { Env } from '../config/env';
import { seconds } from '../config/env-fields';
import { inContext } from './context';
import { Failure } from './failure';
import { showProgress } from './progress';

@Module({ providers: [BlocksService] })
class BlockCommandsModule {}

interface JsonOption {
  readonly json?: true;
}

const NOTICE = `
They get no code and cannot log in, on every node within seconds, and are answered as if they had used up a limit. Who is logged
in stays so: see tandem sessions and tandem users.`;

const TARGET = new Argument(
  '<target>',
  'a number with +, the beginning of numbers like +86138*, an address or a network like 203.0.113.0/24',
).argParser(target);

const FOR = new Option('--for <duration>', 'how long, like 2h or 7d')
  .default(seconds('1d'), '1d')
  .argParser(duration);

export function block(tandem: Command, readEnv: () => Env): void {
  const command = tandem.command('block').description('Shuts numbers and networks out for a time.');
  command
    .command('add')
    .description('Blocks a number, those that begin alike, or a network; anew if it is blocked.')
    .addArgument(TARGET)
    .addOption(FOR)
    .option('--json', 'print the block as JSON')
    .addHelpText('after', NOTICE)
    .action((text: string, options: JsonOption & { for: number }) => add(readEnv(), text, options));
  command
    .command('list')
    .description('Lists what is blocked, and until when.')
    .option('--json', 'print the list as JSON')
    .action((options: JsonOption) => list(readEnv(), options));
  command
    .command('remove')
    .description('Ends a block.')
    .addArgument(TARGET)
    .action((text: string) => remove(readEnv(), text));
}

async function add(env: Env, text: string, options: JsonOption & { for: number }): Promise<void> {
  const added = await withBlocks(env, (blocks) => blocks.add(text, options.for));
  console.log(options.json ? JSON.stringify(toJson(added)) : `Blocked ${lineFor(added)}.`);
}

async function list(env: Env, { json }: JsonOption): Promise<void> {
  const listed = await withBlocks(env, (blocks) => blocks.list());
  if (json) console.log(JSON.stringify(listed.map(toJson)));
  else console.log(listed.length > 0 ? listed.map(lineFor).join('\n') : 'Nothing is blocked.');
}

async function remove(env: Env, text: string): Promise<void> {
  const wasThere = await withBlocks(env, (blocks) => blocks.remove(text));
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

function target(text: string): string {
  const known = blockTarget(text);
  if (known) return known;
  throw new InvalidArgumentError(
    'It must be a number with +, like +86138*, or an IPv4 network from /8, an IPv6 one from /16 to /64.',
  );
}

function duration(text: string): number {
  const parsed = seconds(text);
  if (parsed) return parsed;
  throw new InvalidArgumentError('It must be a duration, like 30m, 2h or 7d.');
}
