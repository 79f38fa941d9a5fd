import { createReadStream, existsSync, statSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { AuditModule } from '../audit/audit.module';
import type { Env } from '../config/env';
import { FORMATS, type Format } from '../users/import/import-formats';
import { ImportReport } from '../users/import/import-report';
import { ImportQueries } from '../users/import/import.queries';
import { UnreadableFileError } from '../users/import/record-reader';
import { type ImportProgress, UsersImportService } from '../users/import/users-import.service';
import { type AsOption, asOption, byCommand } from './actor';
import { inContext } from './context';
import { Failure } from './failure';
import { type Position, showImport } from './import-progress';
import { plural } from './plural';

@Module({ imports: [AuditModule], providers: [ImportQueries, UsersImportService] })
class ImportCommandModule {}

interface ImportCommandOptions extends AsOption {
  readonly format: Format;
  readonly dryRun?: true;
  readonly report?: string;
  readonly events?: true;
  readonly json?: true;
  readonly firebaseRounds: number;
  readonly firebaseMemoryCost: number;
  readonly firebaseSaltSeparator: string;
}

const NOTICE = `
Run it again after it was stopped, by whatever: who is there is not imported again. Passwords of Firebase can be checked only by
servers that know FIREBASE_SIGNER_KEY. More in docs/import.md.`;

export function usersImport(users: Command, readEnv: () => Env): void {
  users
    .command('import')
    .description('Takes over the users of another system. Exits with 1 when lines were refused.')
    .argument('<file>', 'what it has exported, or - for standard input')
    .addOption(new Option('--format <format>').choices(FORMATS).makeOptionMandatory())
    .option('--dry-run', 'check every line and change nothing')
    .option(
      '--report <file>',
      'where to write which lines were refused, and why (default: FILE.refused.csv)',
    )
    .option('--events', 'tell others of each new user, as of those who sign up')
    .addOption(asOption())
    .option('--json', 'print the counts as JSON')
    .option(
      '--firebase-rounds <n>',
      'parameters of password hashes, as the Firebase console shows them',
      whole,
      8,
    )
    .option('--firebase-memory-cost <n>', 'likewise', whole, 14)
    .option('--firebase-salt-separator <base64>', 'likewise', 'Bw==')
    .addHelpText('after', NOTICE)
    .action((file: string, options: ImportCommandOptions) => run(readEnv(), file, options));
}

async function run(env: Env, file: string, options: ImportCommandOptions): Promise<void> {
  assertSignerKey(env, options);
  const source = open(file);
  const path = options.report ?? `${file === '-' ? 'import' : file}.refused.csv`;
  const report = openReport(path);
  const progress = { imported: 0, alreadyThere: 0, refused: 0 };
  const work = inContext(env, ImportCommandModule, (context) =>
    context.get(UsersImportService).import(source.text, settingsOf(options), report, progress),
  );
  try {
    await showImport(progress, source.position, work);
  } catch (error) {
    throw error instanceof UnreadableFileError ? new Failure(error.message) : error;
  } finally {
    report.close();
  }
  tell(progress, path, options);
}

/** Whoever imports hashes without it would lock people out. */
function assertSignerKey({ FIREBASE_SIGNER_KEY }: Env, { format }: ImportCommandOptions): void {
  if (format !== 'firebase' || FIREBASE_SIGNER_KEY) return;
  throw new Failure(
    'FIREBASE_SIGNER_KEY must be set, here and for the servers: the base64 signer key of the Firebase console.',
  );
}

function settingsOf(options: ImportCommandOptions) {
  const { format, dryRun, firebaseRounds: rounds, firebaseMemoryCost: memCost } = options;
  const firebase = { rounds, memCost, saltSeparator: options.firebaseSaltSeparator };
  return {
    actor: byCommand(options).actor,
    format,
    firebase,
    isDryRun: dryRun === true,
    tellsOfEach: options.events === true,
  };
}

/** @throws Failure */
function open(file: string): { text: AsyncIterable<string>; position: () => Position } {
  if (file === '-') return { text: textOf(process.stdin), position: () => ({ bytes: 0 }) };
  if (!existsSync(file)) throw new Failure(`There is no file ${file}.`);
  const totalBytes = statSync(file).size;
  const stream = createReadStream(file);
  return { text: textOf(stream), position: () => ({ bytes: stream.bytesRead, totalBytes }) };
}

function openReport(path: string): ImportReport {
  try {
    return new ImportReport(path);
  } catch (error) {
    throw new Failure(`The report cannot be written: ${(error as Error).message}`);
  }
}

/** @throws UnreadableFileError: names would be others. */
async function* textOf(stream: AsyncIterable<Buffer>): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Buffer) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new UnreadableFileError('The file is not UTF-8.');
    }
  };
  for await (const bytes of stream) yield decode(bytes);
  yield decode();
}

function tell(
  progress: ImportProgress,
  report: string,
  { dryRun, json }: ImportCommandOptions,
): void {
  const { imported, alreadyThere, refused } = progress;
  if (refused > 0) process.exitCode = 1;
  if (json) {
    console.log(JSON.stringify({ imported, already_there: alreadyThere, refused, report }));
    return;
  }
  console.log(
    `${dryRun ? 'Would import' : 'Imported'} ${plural(imported, 'user')}; ${alreadyThere} there already.`,
  );
  if (refused > 0) console.log(`${plural(refused, 'line')} refused: see ${report}.`);
}

function whole(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 99.');
}
