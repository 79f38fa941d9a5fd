import { type INestApplicationContext } from '@nestjs/common';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { isId } from '../common/snowflake';
import { parseTime } from '../common/time.decorator';
import type { Env } from '../config/env';
import { shownEndpoint } from '../webhooks/shown-endpoint';
import { type ShownSecret, WebhookEndpointsService } from '../webhooks/webhook-endpoints.service';
import { type Replayed, WebhookReplaysService } from '../webhooks/webhook-replays.service';
import { WebhooksModule } from '../webhooks/webhooks.module';
import { type AsOption, asOption, byCommand } from './actor';
import { inContext } from './context';
import { Failure } from './failure';
import { plural } from './plural';
import { showProgress } from './progress';

interface Options extends AsOption {
  readonly json?: true;
}

interface AddOptions extends Options {
  readonly events: string[];
  readonly pii?: true;
}

interface ReplayOptions extends Options {
  readonly event?: string;
  readonly since?: Date;
  readonly until?: Date;
}

const ID = new Argument('<id>', 'the id of an endpoint, as list shows it').argParser(id);
const JSON_OUTPUT = new Option('--json', 'print JSON');
const EVENTS = new Option('--events <types>', 'types of events, separated by commas')
  .default(['*'], 'all')
  .argParser((text) => text.split(',').map((type) => type.trim()));

const SECRET_NOTICE = 'Its secret, which is shown this once:';

export function webhooks(tandem: Command, readEnv: () => Env): void {
  const command = tandem.command('webhooks').description('Says who is told of events.');
  const add = (name: string, description: string) =>
    command.command(name).description(description).addOption(asOption()).addOption(JSON_OUTPUT);
  add('list', 'Lists the endpoints, and which of them fail or were switched off.').action(
    (options: Options) => list(readEnv(), options),
  );
  add('add', 'Adds an endpoint, which is told of what happens from now on.')
    .argument('<url>', 'https:, unless the host is in PLAIN_HTTP_HOSTS')
    .addOption(EVENTS)
    .option('--pii', 'tell it full numbers, not countries and last digits')
    .action((url: string, options: AddOptions) => addOne(readEnv(), url, options));
  add('remove', 'Removes an endpoint, and forgets what it was not told of.')
    .addArgument(ID)
    .action((of: string, options: Options) => remove(readEnv(), of, options));
  add('rotate', 'Gives an endpoint a new secret; the one before signs for a day more.')
    .addArgument(ID)
    .action((of: string, options: Options) => rotate(readEnv(), of, options));
  add('enable', 'Switches an endpoint on again: it is told of what happened since, for 30 days.')
    .addArgument(ID)
    .action((of: string, options: Options) => enable(readEnv(), of, options));
  add('replay', 'Tells an endpoint once more, under the same ids: of one event, or of a time.')
    .addArgument(ID)
    .option('--event <id>', 'like evt_7264520012345678901')
    .addOption(new Option('--since <time>', 'ISO 8601').argParser(time))
    .addOption(new Option('--until <time>', 'ISO 8601; now unless given').argParser(time))
    .action((of: string, options: ReplayOptions) => replay(readEnv(), of, options));
  add(
    'test',
    'Sends an event of the type webhook.test from this machine, and says how it was answered.',
  )
    .addArgument(ID)
    .action((of: string, options: Options) => test(readEnv(), of, options));
}

async function list(env: Env, { json }: Options): Promise<void> {
  const endpoints = await withServices(env, (context) =>
    context.get(WebhookEndpointsService).list(),
  );
  const shown = endpoints.map(shownEndpoint);
  if (json) console.log(JSON.stringify(shown));
  else console.log(shown.length > 0 ? shown.map(lineFor).join('\n') : 'There is no endpoint.');
}

async function addOne(env: Env, url: string, options: AddOptions): Promise<void> {
  const { events, pii } = options;
  const added = await withServices(env, (context) =>
    context.get(WebhookEndpointsService).add({ url, events, pii }, byCommand(options)),
  );
  printSecret('Added', added, options);
}

async function rotate(env: Env, of: string, options: Options): Promise<void> {
  const rotated = await withServices(env, (context) =>
    context.get(WebhookEndpointsService).rotate(of, byCommand(options)),
  );
  printSecret('Rotated', rotated, options);
}

async function remove(env: Env, of: string, options: Options): Promise<void> {
  await withServices(env, (context) =>
    context.get(WebhookEndpointsService).remove(of, byCommand(options)),
  );
  console.log(options.json ? JSON.stringify({ id: of }) : `Endpoint ${of} is removed.`);
}

async function enable(env: Env, of: string, options: Options): Promise<void> {
  const endpoint = await withServices(env, (context) =>
    context.get(WebhookEndpointsService).enable(of, byCommand(options)),
  );
  const shown = shownEndpoint(endpoint);
  console.log(options.json ? JSON.stringify(shown) : lineFor(shown));
}

async function replay(env: Env, of: string, options: ReplayOptions): Promise<void> {
  const what = replayedBy(options);
  const { events, next } = await withServices(env, (context) =>
    context.get(WebhookReplaysService).replay(of, what, byCommand(options)),
  );
  const rest = next ? ` There are more: go on with --since ${next.toISOString()}.` : '';
  const text = `Endpoint ${of} will be told of ${plural(events, 'event')} once more.${rest}`;
  console.log(options.json ? JSON.stringify({ id: of, events, next }) : text);
}

async function test(env: Env, of: string, options: Options): Promise<void> {
  const { failure, status, milliseconds } = await withServices(env, (context) =>
    context.get(WebhookReplaysService).test(of, byCommand(options)),
  );
  const shown = { id: of, failure: failure ?? null, status: status ?? null, milliseconds };
  const answer = status ? `HTTP ${status}` : 'no answer';
  if (options.json) console.log(JSON.stringify(shown));
  if (failure) throw new Failure(`Not delivered: ${failure}, ${answer}, ${milliseconds} ms.`);
  if (!options.json) console.log(`Delivered: ${answer}, ${milliseconds} ms.`);
}

function replayedBy({ event, since, until }: ReplayOptions): Replayed {
  if (event && !since) return { event };
  if (since && !event) return { since, until };
  throw new Failure('Name an event with --event, or a time with --since.');
}

function printSecret(done: string, { endpoint, secret }: ShownSecret, { json }: Options): void {
  const shown = shownEndpoint(endpoint);
  if (json) console.log(JSON.stringify({ ...shown, secret }));
  else console.log(`${done} ${lineFor(shown)}\n${SECRET_NOTICE}\n${secret}`);
}

function lineFor({
  id: of,
  url,
  events,
  pii,
  status,
  disabled_reason,
  failing_since,
}: Shown): string {
  const state = disabled_reason ? `${status} (${disabled_reason})` : status;
  const failing = failing_since && `failing since ${failing_since.toISOString()}`;
  const parts = [of, state, url, events.join(','), pii && 'full numbers', failing];
  return parts.filter(Boolean).join('  ');
}

type Shown = ReturnType<typeof shownEndpoint>;

function withServices<T>(
  env: Env,
  work: (context: INestApplicationContext) => Promise<T>,
): Promise<T> {
  return showProgress('Waiting for the database', inContext(env, WebhooksModule, work));
}

function id(text: string): string {
  if (isId(text)) return text;
  throw new InvalidArgumentError('It must be the id of an endpoint.');
}

function time(text: string): Date {
  const date = parseTime(text);
  if (date) return date;
  throw new InvalidArgumentError('It must be a day, or a time like 2026-11-29T12:00:00Z.');
}
