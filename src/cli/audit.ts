import { setTimeout as delay } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Action, ACTIONS } from '../audit/actions';
import type { AuditEvent } from '../audit/audit-event.entity';
import { AuditReadingModule } from '../audit/audit-reading.module';
import { AuditTailService, type TailFilter } from '../audit/audit-tail.service';
import { AuditVerifierService, type Verdict } from '../audit/audit-verifier.service';
import { hasCountryCode, parseMobile } from '../common/phone-number';
import { isId } from '../common/snowflake';
import type { Env } from '../config/env';
import { UsersModule } from '../users/users.module';
import { UsersService } from '../users/users.service';
import { inContext } from './context';
import { Failure } from './failure';
import { plural } from './plural';
import { showProgress } from './progress';

const POLL_MS = 1000;

@Module({ imports: [AuditReadingModule, UsersModule] })
class AuditCommandsModule {}

interface TailOptions {
  readonly user?: string;
  readonly action?: Action;
  readonly lines: number;
  readonly follow?: true;
  readonly json?: true;
}

interface VerifyOptions {
  readonly head?: string;
  readonly json?: true;
}

const LINES = new Option('--lines <number>', 'how many').default(20).argParser(lines);
const HEAD = new Option(
  '--head <head>',
  'as an earlier call printed it: also fails when what came before it was cut off',
).argParser(head);

export function audit(tandem: Command, readEnv: () => Env): void {
  const command = tandem.command('audit').description('Shows who did what, and verifies it.');
  command
    .command('tail')
    .description('Shows the newest rows.')
    .option('--user <user>', 'about one user: the id, or the mobile number with +')
    .addOption(new Option('--action <action>', 'of one kind').choices(ACTIONS))
    .addOption(LINES)
    .option('--follow', 'go on until it is stopped')
    .option('--json', 'print a JSON object a row')
    .action((options: TailOptions) => tail(readEnv(), options));
  command
    .command('verify')
    .description('Fails when a row was changed, removed or added, and says where.')
    .addOption(HEAD)
    .option('--json', 'print the verdict as JSON')
    .action((options: VerifyOptions) => verify(readEnv(), options));
}

async function tail(env: Env, { user, action, lines: count, follow, json }: TailOptions) {
  await inContext(env, AuditCommandsModule, async (context) => {
    const userId = user === undefined ? undefined : await idOf(context.get(UsersService), user);
    const filter: TailFilter = { userId, action };
    const events = context.get(AuditTailService);
    const print = json ? printJson : printLine;
    if (!follow) return (await events.read(filter, count)).forEach(print);
    for await (const added of events.follow(filter, count)) {
      added.forEach(print);
      await delay(POLL_MS);
    }
  });
}

async function verify(env: Env, { head: expected, json }: VerifyOptions): Promise<void> {
  const verified = inContext(env, AuditCommandsModule, (context) =>
    context.get(AuditVerifierService).verify(expected),
  );
  const verdict = await showProgress('Verifying', verified);
  if (json) console.log(JSON.stringify(verdict));
  else console.log(summaryOf(verdict));
  if (verdict.broken) throw new Failure(`The audit is broken: ${verdict.broken}.`);
}

function summaryOf({ seals, events, unsealed, head: last }: Verdict): string {
  const verified = `${plural(events, 'row')} under ${plural(seals, 'seal')} verified`;
  return `${verified}, ${plural(unsealed, 'row')} not sealed yet.${last ? `\nHead: ${last}` : ''}`;
}

async function idOf(users: UsersService, text: string): Promise<string> {
  if (isId(text)) return text;
  const user = hasCountryCode(text) && (await users.findByMobile(parseMobile(text, ['*'])));
  if (!user) throw new Failure('There is no such user.');
  return user.id;
}

const printJson = (event: AuditEvent) => console.log(JSON.stringify(toJson(event)));
const printLine = (event: AuditEvent) => console.log(lineFor(event));

/** Empty columns are left out. */
function lineFor(event: AuditEvent): string {
  const { at, action, actorKind, actorId, userId, sessionId, reason, detail, personal } = event;
  const actor = actorId ? `${actorKind} ${actorId}` : actorKind;
  const about = [userId && `user ${userId}`, sessionId && `session ${sessionId}`];
  return [at.toISOString(), action.padEnd(18), `by ${actor}`, ...about, reason, detail, personal]
    .filter(Boolean)
    .join('  ');
}

function toJson(event: AuditEvent) {
  const { detail, personal } = event;
  return {
    id: event.id,
    at: event.at,
    action: event.action,
    actor: { kind: event.actorKind, id: event.actorId },
    user_id: event.userId,
    session_id: event.sessionId,
    reason: event.reason,
    detail: detail === null ? null : (JSON.parse(detail) as unknown),
    personal: personal === null ? null : (JSON.parse(personal) as unknown),
    request_id: event.requestId,
    seal: event.seal,
  };
}

function lines(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 1 to 99999.');
}

function head(text: string): string {
  if (/^[1-9]\d{0,18}:[\w-]{43}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a head as tandem audit verify prints it.');
}
