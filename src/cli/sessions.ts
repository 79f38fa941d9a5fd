import { Module } from '@nestjs/common';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Env } from '../config/env';
import type { Network } from '../common/network';
import { AuditModule } from '../audit/audit.module';
import { BulkEndsService, type SessionSelection } from '../sessions/bulk-ends.service';
import { type AsOption, asOption, byCommand } from './actor';
import { SessionEndsQueries } from '../sessions/session-ends.queries';
import { sessionNetwork } from '../sessions/session-network';
import { inContext } from './context';
import { Failure } from './failure';
import { plural } from './plural';
import { showProgress } from './progress';

@Module({ imports: [AuditModule], providers: [BulkEndsService, SessionEndsQueries] })
class SessionCommandsModule {}

interface EndOptions extends AsOption {
  readonly before?: Date;
  readonly network?: Network;
  readonly all?: true;
  readonly yes?: true;
  readonly json?: true;
}

const NOTICE = `
Every node refuses their tokens within a second. Users log in again, and their devices stay known. Without --yes
it says how many sessions it would end, and ends none.`;

const CONDITIONS = [
  new Option('--before <time>', 'those opened before, like 2026-01-31T09:30:00Z').argParser(time),
  new Option('--network <cidr>', 'those opened from there, like 203.0.113.0/24').argParser(network),
  new Option('--all', 'every session').conflicts(['before', 'network']),
];

export function sessions(tandem: Command, readEnv: () => Env): void {
  const end = tandem
    .command('sessions')
    .description('Logs many users out at once, in an incident.')
    .command('end')
    .description('Ends the sessions that meet all conditions; one is needed.')
    .option('--yes', 'end them')
    .option('--json', 'print how many have ended as JSON')
    .addOption(asOption())
    .addHelpText('after', NOTICE)
    .action((options: EndOptions) => {
      if (!options.before && !options.network && !options.all) {
        end.error('error: name the sessions by --before, --network, both, or --all');
      }
      return run(readEnv(), options);
    });
  for (const condition of CONDITIONS) end.addOption(condition);
}

async function run(env: Env, { before, network: from, yes, json, as }: EndOptions): Promise<void> {
  const selection: SessionSelection = { openedBefore: before, network: from };
  if (!yes) {
    const count = await inBulk(env, 'Counting sessions', (ends) => ends.count(selection));
    throw new Failure(`This would end ${plural(count, 'session')}. Add --yes to end them.`);
  }
  const ending = { ...byCommand({ as }), reason: 'revoked' } as const;
  const ended = await inBulk(env, 'Ending sessions', (ends) => ends.end(selection, ending));
  console.log(json ? JSON.stringify({ ended }) : `Ended ${plural(ended, 'session')}.`);
}

function inBulk<T>(
  env: Env,
  what: string,
  work: (ends: BulkEndsService) => Promise<T>,
): Promise<T> {
  const done = inContext(env, SessionCommandsModule, (context) =>
    work(context.get(BulkEndsService)),
  );
  return showProgress(what, done);
}

/** With its zone: nobody guesses in an incident which one a command takes. */
function time(text: string): Date {
  const at = new Date(/T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : Number.NaN);
  if (Number.isNaN(at.getTime()))
    throw new InvalidArgumentError('It must be a time with its zone, like 2026-01-31T09:30:00Z.');
  if (at.getTime() > Date.now())
    throw new InvalidArgumentError('It is in the future: --all ends every session.');
  return at;
}

function network(text: string): Network {
  const parsed = sessionNetwork(text);
  if (typeof parsed === 'string') throw new InvalidArgumentError(`It ${parsed}.`);
  return parsed;
}
