import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../audit/change';
import { BATCH } from '../../storage/batches';
import { isCollision, isOutage } from '../../storage/sql-errors';
import { Env } from '../../config/env';
import type { FirebaseCosts } from '../password-hashes';
import { type Format, fieldsOf, readerFor } from './import-formats';
import type { ImportReport } from './import-report';
import { ImportQueries } from './import.queries';
import { type ImportedUser, readUser } from './imported-user';
import type { RawRecord, RecordReader } from './record-reader';
import { type Line, type Verdict, verdictsBy, withoutRepetitions } from './import-verdicts';
import { SeenKeys } from './seen-keys';

export interface ImportOptions {
  readonly format: Format;
  readonly firebase: FirebaseCosts;
  readonly isDryRun: boolean;
  readonly actor: Actor;
  /** Whether each new user is told of as an event, too: a receiver may take a million of them for a million sign-ups. */
  readonly tellsOfEach: boolean;
}

/** How far an import has come. */
export interface ImportProgress {
  imported: number;
  /** As they would be imported: by an earlier run that was stopped, for instance. */
  alreadyThere: number;
  refused: number;
}

/** How often a batch is tried while the database is away or busy, a second apart. */
const MAX_ATTEMPTS = 30;
const RETRY_MS = 1000;

/**
 * Takes over the users of another system: the operator's word that they hold their numbers. A batch is inserted whole or not at
 * all, and who is there is not inserted again: an import that was stopped goes on when it is run once more.
 */
@Injectable()
export class UsersImportService {
  constructor(
    private readonly env: Env,
    private readonly queries: ImportQueries,
  ) {}

  /**
   * @param text in pieces.
   * @param progress is kept up to date.
   * @throws UnreadableFileError for a file that is not of this format.
   */
  async import(
    text: AsyncIterable<string>,
    options: ImportOptions,
    report: ImportReport,
    progress: ImportProgress,
  ): Promise<void> {
    const [seen, run] = [new SeenKeys(), randomUUID()];
    try {
      let settled = Promise.resolve();
      for await (const lines of batchesOf(this.linesOf(text, options))) {
        const unique = withoutRepetitions(lines, seen);
        // The next ones are read while the database works.
        await settled;
        settled = this.settle(unique, { run, ...options }, report, progress);
        settled.catch(() => undefined);
      }
      await settled;
    } finally {
      seen.close();
    }
  }

  private async *linesOf(text: AsyncIterable<string>, options: ImportOptions): AsyncIterable<Line> {
    let reader: RecordReader | undefined;
    for await (const piece of text) {
      reader ??= readerFor(options.format, piece);
      for (const record of reader.read(piece)) yield this.lineOf(record, options);
    }
    for (const record of reader?.end() ?? []) yield this.lineOf(record, options);
  }

  private lineOf(record: RawRecord, { format, firebase }: ImportOptions): Line {
    const { line } = record;
    if ('problem' in record) return { line, user: record.problem };
    return {
      line,
      user: readUser(fieldsOf(format, record.fields, firebase), this.env.SMS_COUNTRIES),
    };
  }

  private async settle(
    lines: readonly Line[],
    options: ImportOptions & { run: string },
    report: ImportReport,
    progress: ImportProgress,
  ): Promise<void> {
    const verdicts = await patiently(async () => {
      const judged = await this.judge(lines);
      const fresh = judged.flatMap(({ user, verdict }) =>
        user && verdict === 'fresh' ? [user] : [],
      );
      if (fresh.length > 0 && !options.isDryRun) await this.insert(fresh, options);
      return judged;
    });
    for (const { line, verdict } of verdicts) {
      if (verdict === 'fresh') progress.imported += 1;
      else if (verdict === 'there') progress.alreadyThere += 1;
      else {
        progress.refused += 1;
        report.refuse(line, verdict.reason);
      }
    }
  }

  /** The audit counts users a batch, not one by one: what happened is one deed of an operator. */
  private async insert(
    users: readonly ImportedUser[],
    { actor, format, run, tellsOfEach }: ImportOptions & { run: string },
  ): Promise<void> {
    const detail = { run, format, users: users.length };
    await this.queries.insert(users, { action: 'users.imported', actor, detail }, tellsOfEach);
  }

  private async judge(lines: readonly Line[]): Promise<Judged[]> {
    const users = lines.flatMap(({ user }) => (typeof user === 'string' ? [] : [user]));
    const verdictOn = verdictsBy(await this.queries.findKnown(users));
    return lines.map(({ line, user }) =>
      typeof user === 'string'
        ? { line, verdict: { reason: user } }
        : { line, user, verdict: verdictOn(user) },
    );
  }
}

interface Judged {
  readonly line: number;
  readonly user?: ImportedUser;
  readonly verdict: Verdict;
}

async function* batchesOf(lines: AsyncIterable<Line>): AsyncIterable<Line[]> {
  let batch: Line[] = [];
  for await (const line of lines) {
    if (batch.push(line) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Again, too, when somebody whom a batch would insert has come meanwhile. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      const isAway = isOutage(error);
      const isTransient = isAway || isCollision(error);
      if (attempts === MAX_ATTEMPTS || !isTransient) throw error;
      if (isAway) await delay(RETRY_MS);
    }
  }
}
