import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { RedactingLogger } from '../common/redacting-logger';
import { KeyRing } from '../config/key-ring';
import { LeasedJobsService } from '../events/leased-jobs.service';
import { inBatches } from '../storage/batches';
import { atomically, nameIn, rowsOf, select } from '../storage/queries';
import { retrying } from '../storage/retrying';
import { insertion, type Integer, raw, type Sql, sql } from '../storage/sql';
import { readClock } from '../storage/sql-clock';
import { isDeadlock } from '../storage/sql-errors';
import { TANDEM } from '../storage/tandem';
import { sealDigest, type SealedRow, sealedColumns, SealKey } from './seals';

const INTERVAL_MS = 20_000;

interface LastSeal {
  readonly id: Integer;
  readonly digest: string;
}

/** Seals what was written into the audit, within a minute: who changes it later cannot hide that. */
@Injectable()
export class SealingService {
  private readonly events: Sql;
  private readonly seals: Sql;
  private readonly key: SealKey;
  private readonly logger = new RedactingLogger(SealingService.name);
  /** The last one that this process has made. */
  private own?: LastSeal;

  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    jobs: LeasedJobsService,
    ring: KeyRing,
  ) {
    this.events = nameIn(dataSource, 'audit_events');
    this.seals = nameIn(dataSource, 'audit_seals');
    this.key = new SealKey(ring);
    jobs.every('audit sealing', INTERVAL_MS, () => this.sealAll());
  }

  sealAll(): Promise<void> {
    return inBatches(
      (take) => this.findUnsealed(take),
      (rows) => retrying(() => this.seal(rows), isDeadlock),
    );
  }

  private async findUnsealed(take: number): Promise<SealedRow[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<SealedRow>(
        sql`SELECT ${sealedColumns} FROM ${this.events} WHERE seal IS NULL LIMIT ${take}`,
      ),
    );
    return rows.toSorted((a, b) => (BigInt(a.id!) < BigInt(b.id!) ? -1 : 1));
  }

  /** Of two nodes that seal at the same time one fails: there is one seal of each number. */
  private async seal(rows: SealedRow[]): Promise<void> {
    const last = await this.findLast();
    this.compare(last);
    const id = String(BigInt(last?.id ?? 0) + 1n);
    const at = await readClock(this.dataSource);
    const day = new Date(at).toISOString().slice(0, 10);
    const head = { id, at: String(at), day, events: rows.length, previous: last?.digest ?? '' };
    const digest = sealDigest(head, rows);
    const mac = this.key.macOf(digest, false);
    // Not `IS NULL`: by its index MySQL would wait for rows of logins that are not committed yet.
    await atomically(this.dataSource, {
      seal: insertion(this.seals, { ...head, digest, key_id: this.key.id, mac }),
      covered: sql`UPDATE ${this.events} SET seal = ${id}
        WHERE id IN (${raw(rows.map((row) => String(row.id)).join(', '))}) AND COALESCE(seal, 0) = 0`,
    });
    this.own = { id, digest };
  }

  /** Rows that lose their seals get new ones, and no seal tells of it then. */
  private compare(last: LastSeal | undefined): void {
    const { own } = this;
    const isBehind = last !== undefined && BigInt(last.id) > BigInt(own?.id ?? 0);
    if (!own || isBehind || last?.digest === own.digest) return;
    this.logger.error(
      `Audit seal ${own.id} is missing, and all behind it: somebody removed them, or the database lost writes`,
    );
  }

  private async findLast(): Promise<LastSeal | undefined> {
    const [row] = await select(
      this.dataSource,
      rowsOf<LastSeal>(
        sql`SELECT id, digest FROM ${this.seals} WHERE id = (SELECT MAX(id) FROM ${this.seals})`,
      ),
    );
    return row;
  }
}
