import { type INestApplicationContext, Module } from '@nestjs/common';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { AuditModule } from '../audit/audit.module';
import type { By, Change } from '../audit/change';
import { ChangesService } from '../audit/changes.service';
import { LimiterService, type Usage } from '../codes/limiter.service';
import { type LimitSubject, subjectOfAddress, subjectOfNumber } from '../codes/limit-subjects';
import { LimitsModule } from '../codes/limits.module';
import { RequestHandlesService } from '../codes/request-handles.service';
import { addressBucket, coarseNetwork, Networks } from '../common/networks';
import { type E164, hasCountryCode, parseMobile } from '../common/phone-number';
import type { Env } from '../config/env';
import { DevicesModule } from '../sessions/devices.module';
import { DevicesService } from '../sessions/devices.service';
import { UsersModule } from '../users/users.module';
import { UsersService } from '../users/users.service';
import { type AsOption, asOption, byCommand } from './actor';
import { inContext } from './context';
import { Failure } from './failure';
import { plural } from './plural';
import { showProgress } from './progress';

@Module({
  imports: [AuditModule, DevicesModule, LimitsModule, UsersModule],
  providers: [RequestHandlesService],
})
class LimitCommandsModule {}

const ANYWHERE = { strict: false };

/** A number or an address. */
interface Target {
  readonly mobile?: E164;
  readonly address?: string;
}

interface ShowOptions {
  readonly from?: string;
  readonly json?: true;
}

interface LiftOptions extends ShowOptions, AsOption {
  readonly shared?: true;
}

interface Row extends Usage {
  readonly isShared: boolean;
}

const TARGET = new Argument(
  '<target>',
  'a mobile number with + in any spelling, or an address',
).argParser(target);

const FROM = new Option(
  '--from <address>',
  'with a number: also what counts by both, asked from there',
).argParser(address);

export function limits(tandem: Command, readEnv: () => Env): void {
  const command = tandem
    .command('limits')
    .description('Shows what a number or an address has used up, or lifts it.');
  command
    .command('show')
    .description('Lists each limit: points used, seconds until one is free, and who counts there.')
    .addArgument(TARGET)
    .addOption(FROM)
    .option('--json', 'print the list as JSON')
    .action((of: Target, options: ShowOptions) => show(readEnv(), of, options));
  command
    .command('lift')
    .description('Begins the limits of a number or an address anew, but for those of others, too.')
    .addArgument(TARGET)
    .addOption(FROM)
    .option('--shared', 'also those that it shares with its block, country or network')
    .option('--json', 'print which were lifted as JSON')
    .addOption(asOption())
    .action((of: Target, options: LiftOptions) => lift(readEnv(), of, options));
}

async function show(env: Env, of: Target, { from, json }: ShowOptions): Promise<void> {
  const rows = await withLimits(env, { address: from, ...of }, (read) => read());
  console.log(json ? JSON.stringify(rows.map(toJson)) : rows.map(lineFor).join('\n'));
}

async function lift(env: Env, of: Target, { from, shared, json, as }: LiftOptions): Promise<void> {
  const subject = { address: from, ...of };
  const [before, after] = await withLimits(env, subject, async (read, limiter, changes) => {
    const rows = await read();
    const chosen = rows.filter(({ isShared, used }) => used > 0 && (shared || !isShared));
    // Redis knows no transactions with SQL: told before, so that none is lifted without.
    if (chosen.length > 0) await changes.record(liftOf(subject, chosen, byCommand({ as })));
    for (const { name, bucket } of chosen) {
      await limiter.reset({ [name]: bucket });
    }
    return [rows, await read()];
  });
  const lifted = before.filter(({ used }, index) => after[index]!.used < used);
  console.log(
    json ? JSON.stringify(lifted.map(toJson)) : `Lifted ${plural(lifted.length, 'limit')}.`,
  );
  const left = after.filter(({ waitSeconds }) => waitSeconds > 0);
  if (left.length > 0)
    throw new Failure(
      `Still used up, and shared with others (--shared):\n${left.map(lineFor).join('\n')}`,
    );
}

function liftOf({ mobile, address: of }: Target, rows: readonly Row[], by: By): Change {
  const names = rows.map(({ name }) => name);
  const about = mobile ? { mobile } : { personal: { address: coarseNetwork(of!) } };
  return { action: 'limits.lifted', ...by, ...about, detail: { limits: [...new Set(names)] } };
}

function withLimits<T>(
  env: Env,
  of: Target,
  work: (
    read: () => Promise<Row[]>,
    limiter: LimiterService,
    changes: ChangesService,
  ) => Promise<T>,
): Promise<T> {
  if (!env.hasRedis) throw new Failure('Without Redis each process counts for itself.');
  const done = inContext(env, LimitCommandsModule, async (context) => {
    const limiter = context.get(LimiterService);
    const subject = of.mobile
      ? await numberIn(context, of.mobile, of.address)
      : subjectOfAddress(context.get(Networks, ANYWHERE).of(of.address!));
    return work(() => rowsOf(limiter, subject), limiter, context.get(ChangesService));
  });
  return showProgress('Waiting for the stores', done);
}

async function numberIn(
  context: INestApplicationContext,
  mobile: E164,
  from?: string,
): Promise<LimitSubject> {
  const user = await context.get(UsersService).findByMobile(mobile);
  const devices = user ? await context.get(DevicesService).list(user.id) : [];
  const handles = context.get(RequestHandlesService);
  const { request: requestId } = from ? await handles.requestOf({ mobile, address: from }) : {};
  return subjectOfNumber({
    mobile,
    userId: user?.id,
    deviceIds: devices.map(({ id }) => id),
    networks: from ? context.get(Networks, ANYWHERE).of(from) : undefined,
    requestId,
  });
}

async function rowsOf(limiter: LimiterService, subject: LimitSubject): Promise<Row[]> {
  const usages = subject.charges.map((charges) => limiter.usageOf(charges));
  const rows = await Promise.all(usages).catch(({ message }: Error) => {
    throw new Failure(`Each process counts for itself, since Redis is away: ${message}`);
  });
  return rows.flat().map((row) => ({ ...row, isShared: subject.isShared(row.bucket) }));
}

function lineFor({ name, bucket, used, points, waitSeconds, isShared }: Row): string {
  const columns = [name.padEnd(30), `${used}/${points}`.padEnd(11), `${waitSeconds} s`.padEnd(8)];
  return `${columns.join('  ')}  ${bucket}${isShared ? ' (shared)' : ''}`;
}

const toJson = ({ name, bucket, used, points, waitSeconds, isShared }: Row) => ({
  limit: name,
  bucket,
  used,
  points,
  wait_seconds: waitSeconds,
  shared: isShared,
});

function target(text: string): Target {
  return hasCountryCode(text) ? { mobile: parseMobile(text, ['*']) } : { address: address(text) };
}

function address(text: string): string {
  if (addressBucket(text) !== 'unknown') return text;
  throw new InvalidArgumentError('It must be an address, like 203.0.113.7, or a number with +.');
}
