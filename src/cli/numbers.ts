import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Module } from '@nestjs/common';
import type { Command } from 'commander';
import { AuditModule } from '../audit/audit.module';
import {
  type Released,
  ReleasedNumbersService,
} from '../auth/recycled-numbers/released-numbers.service';
import { ApiException } from '../common/errors';
import { type E164, parseMobile } from '../common/phone-number';
import type { Env } from '../config/env';
import { BATCH } from '../storage/batches';
import { UsersModule } from '../users/users.module';
import { type AsOption, asOption, byCommand, reasonOption } from './actor';
import { CommandSessionsModule } from './command-sessions.module';
import { inContext } from './context';
import { showProgress } from './progress';

@Module({
  imports: [AuditModule, CommandSessionsModule, UsersModule],
  providers: [ReleasedNumbersService],
})
class NumberCommandsModule {}

interface ReleaseOptions extends AsOption {
  readonly reason?: string;
  readonly json?: true;
}

type Counts = { -readonly [Count in keyof Released | 'malformed']: number };

const NOTICE = `
One number a line, with + in any spelling. Who proves one of them next is asked whose the account is: docs/accounts.md.
Given again, the same list does no harm.`;

export function numbers(tandem: Command, readEnv: () => Env): void {
  tandem
    .command('numbers')
    .description('Takes what carriers say of numbers.')
    .command('release')
    .description('Makes numbers dormant that were given up, and ends the devices of their users.')
    .argument('<file>', 'or - for what is piped in')
    .addOption(reasonOption())
    .option('--json', 'print the counts as JSON')
    .addOption(asOption())
    .addHelpText('after', NOTICE)
    .action((file: string, options: ReleaseOptions) => release(readEnv(), file, options));
}

async function release(env: Env, file: string, options: ReleaseOptions): Promise<void> {
  const by = { ...byCommand(options), reason: options.reason };
  const counts: Counts = { released: 0, kept: 0, unknown: 0, malformed: 0 };
  const done = inContext(env, NumberCommandsModule, async (context) => {
    const service = context.get(ReleasedNumbersService);
    for await (const batch of batchesIn(file, counts)) {
      const { released, kept, unknown } = await service.release(batch, by);
      counts.released += released;
      counts.kept += kept;
      counts.unknown += unknown;
    }
  });
  await showProgress('Waiting for the database', done);
  if (options.json) return console.log(JSON.stringify(counts));
  const { released, kept, unknown, malformed } = counts;
  console.log(
    `${released} numbers were released, ${kept} kept; ${unknown} are nobody's, ${malformed} no numbers.`,
  );
}

async function* batchesIn(file: string, counts: Counts): AsyncGenerator<E164[]> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  let batch: E164[] = [];
  for await (const line of createInterface({ input })) {
    if (line.trim() === '') continue;
    const number = numberIn(line);
    if (number) batch.push(number);
    else counts.malformed += 1;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function numberIn(line: string): E164 | null {
  try {
    return parseMobile(line.trim(), ['*']);
  } catch (error) {
    if (error instanceof ApiException) return null;
    throw error;
  }
}
