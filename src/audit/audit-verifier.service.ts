import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { KeyRing } from '../config/key-ring';
import { nameIn, rowsOf, select } from '../storage/queries';
import { type Integer, type Sql, sql } from '../storage/sql';
import { TANDEM } from '../storage/tandem';
import { digestOf } from './changes.service';
import { sealDigest, type SealedRow, sealedColumns, SealKey } from './seals';

const PAGE = 100;
/** How much older than the seal before a row may be: it was committed after that, and a transaction takes no longer. */
const LATE_MS = 10 * 60_000;

/** What erasing takes away of a row. */
interface PersonalPart {
  personal: string | null;
  number_ref: string | null;
  salt: string | null;
}

type Row = SealedRow & PersonalPart;

interface Seal {
  readonly id: string;
  readonly at: string;
  readonly day: string;
  readonly events: number;
  readonly previous: string;
  readonly digest: string;
  readonly key_id: string;
  readonly mac: string;
  readonly isPurged: boolean;
}

export interface Verdict {
  readonly seals: number;
  /** Rows that are covered by them. */
  readonly events: number;
  /** Rows that wait for a seal. */
  readonly unsealed: number;
  /** Number and digest of the last seal. Whoever keeps it elsewhere notices when the end of the audit is cut off. */
  readonly head: string | null;
  /** The first thing that is wrong. */
  readonly broken?: string;
}

/** Finds out whether the audit is what was written, but for what was erased and what was purged. */
@Injectable()
export class AuditVerifierService {
  private readonly events: Sql;
  private readonly seals: Sql;
  private readonly keys: readonly SealKey[];

  constructor(
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    ring: KeyRing,
  ) {
    this.events = nameIn(dataSource, 'audit_events');
    this.seals = nameIn(dataSource, 'audit_seals');
    this.keys = ring.generations.map((generation) => new SealKey(generation));
  }

  /** @param head of an earlier verdict: a seal that must still be there, unless it was purged. */
  async verify(head?: string): Promise<Verdict> {
    return this.verifyFrom('1', head);
  }

  /** @param first the number of the seal to begin with. */
  private async verifyFrom(first: string, head?: string): Promise<Verdict> {
    const found = { seals: 0, events: 0 };
    const expected = head?.split(':') ?? [];
    let last: Seal | undefined;
    for await (const seal of this.sealsInOrder(first)) {
      const rows = seal.isPurged ? [] : await this.rowsOf(seal.id);
      const problem = this.problemOf(seal, rows, last, first) ?? problemOfHead(seal, expected);
      if (problem) return this.verdict(found, last, `seal ${seal.id} of ${seal.day}: ${problem}`);
      last = seal;
      found.seals += 1;
      found.events += rows.length;
    }
    return this.verdict(found, last, await this.problemAtTheEnd(last, expected));
  }

  /** The same for the newest seals alone, which takes no time. */
  async verifyNewest(seals: number): Promise<Verdict> {
    const [row] = await select(
      this.dataSource,
      rowsOf<{ id: Integer | null }>(sql`SELECT MAX(id) AS id FROM ${this.seals}`),
    );
    const first = BigInt(row?.id ?? 0) - BigInt(seals) + 1n;
    return this.verifyFrom(String(first > 1n ? first : 1n));
  }

  private problemOf(
    seal: Seal,
    rows: Row[],
    last: Seal | undefined,
    first: string,
  ): string | undefined {
    if (!last && !seal.isPurged && seal.id !== first) return 'the seals before it are missing';
    if (last && BigInt(seal.id) !== BigInt(last.id) + 1n) return 'the seal before it is missing';
    if (last && seal.previous !== last.digest) return 'it does not follow from the seal before it';
    if (!seal.isPurged && rows.length !== seal.events) {
      return `it covers ${seal.events} rows, and there are ${rows.length}`;
    }
    if (!seal.isPurged && sealDigest(seal, rows) !== seal.digest) return 'a row was changed';
    const key = this.keys.find(({ id }) => id === seal.key_id);
    if (key && key.macOf(seal.digest, seal.isPurged) !== seal.mac)
      return 'it was not made by Tandem';
    if (!key && seal.isPurged) return 'it was signed with a key that is not configured';
    return last && problemOfRows(rows, oldestOf(last, seal))
      ? 'a row is older than the seal before it'
      : personalProblem(rows);
  }

  private async problemAtTheEnd(
    last: Seal | undefined,
    [id]: string[],
  ): Promise<string | undefined> {
    if (id !== undefined && (!last || BigInt(id) > BigInt(last.id))) {
      return `seal ${id} is missing, and all behind it`;
    }
    const beyond = sql`seal > ${last?.id ?? '0'}`;
    if (await this.has(beyond)) return 'a row names a seal that does not exist';
    if (!last) return undefined;
    if (!this.keys.some((key) => key.id === last.key_id)) {
      return `seal ${last.id} of ${last.day}: it was signed with a key that is not configured`;
    }
    const late = sql`seal IS NULL AND at < ${String(Number(last.at) - LATE_MS)}`;
    return (await this.has(late)) ? 'a row without a seal is older than the last seal' : undefined;
  }

  private async verdict(
    found: { seals: number; events: number },
    last: Seal | undefined,
    broken: string | undefined,
  ): Promise<Verdict> {
    const unsealed = sql`SELECT COUNT(*) AS count FROM ${this.events} WHERE seal IS NULL`;
    const [row] = await select(this.dataSource, rowsOf<{ count: Integer }>(unsealed));
    const head = last ? `${last.id}:${last.digest}` : null;
    return { ...found, unsealed: Number(row!.count), head, ...(broken && { broken }) };
  }

  private async has(which: Sql): Promise<boolean> {
    const one = sql`SELECT id FROM ${this.events} WHERE ${which} LIMIT 1`;
    return (await select(this.dataSource, rowsOf(one))).length > 0;
  }

  /** From the one that ends what was purged, if anything was. */
  private async *sealsInOrder(first: string): AsyncGenerator<Seal> {
    for (let next = await this.firstId(first); ;) {
      const rows = await select(
        this.dataSource,
        rowsOf<SealRow>(sql`SELECT id, at, day, events, previous, digest, key_id, mac, purged_at
          FROM ${this.seals} WHERE id >= ${next} ORDER BY id LIMIT ${PAGE}`),
      );
      yield* rows.map(sealOf);
      if (rows.length < PAGE) return;
      next = String(BigInt(rows.at(-1)!.id) + 1n);
    }
  }

  private async firstId(wanted: string): Promise<string> {
    const [row] = await select(
      this.dataSource,
      rowsOf<{ id: Integer | null }>(
        sql`SELECT MAX(id) AS id FROM ${this.seals} WHERE id >= ${wanted} AND purged_at IS NOT NULL`,
      ),
    );
    const purged = BigInt(row?.id ?? 0);
    return purged > BigInt(wanted) ? String(purged) : wanted;
  }

  private async rowsOf(seal: string): Promise<Row[]> {
    return select(
      this.dataSource,
      rowsOf<Row>(sql`SELECT ${sealedColumns}, personal, number_ref, salt
        FROM ${this.events} WHERE seal = ${seal} ORDER BY id`),
    );
  }
}

interface SealRow {
  id: Integer;
  at: Integer;
  day: string;
  events: Integer | number;
  previous: string;
  digest: string;
  key_id: string;
  mac: string;
  purged_at: Integer | null;
}

function sealOf({ id, at, events, purged_at: purgedAt, ...others }: SealRow): Seal {
  const numbers = { id: String(id), at: String(at), events: Number(events) };
  return { ...others, ...numbers, isPurged: purgedAt !== null };
}

function problemOfHead(seal: Seal, [id, digest]: string[]): string | undefined {
  return seal.id === id && seal.digest !== digest
    ? 'it is not the one that was expected'
    : undefined;
}

/** The database's clock may have been set back between the two. */
const oldestOf = (last: Seal, seal: Seal) => Math.min(Number(last.at), Number(seal.at)) - LATE_MS;

const problemOfRows = (rows: Row[], oldest: number) => rows.some(({ at }) => Number(at) < oldest);

/** Erased is all of it or nothing. */
function personalProblem(rows: Row[]): string | undefined {
  const isRight = ({ personal, number_ref: ref, salt, digest }: Row) =>
    salt === null
      ? personal === null && ref === null
      : personal !== null && digestOf(salt, personal, ref) === digest;
  return rows.every(isRight) ? undefined : 'the personal part of a row was changed';
}
