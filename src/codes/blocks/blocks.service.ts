import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';
import type { By, Change } from '../../audit/change';
import { ChangesService } from '../../audit/changes.service';
import type { E164 } from '../../common/phone-number';
import { KeyRing } from '../../config/key-ring';
import { atomically, forUpdate, nameIn, rowsOf, select } from '../../storage/queries';
import { execute } from '../../storage/runner';
import { insertion, type Integer, join, type Sql, sql } from '../../storage/sql';
import { readClock, sqlNow } from '../../storage/sql-clock';
import { TANDEM } from '../../storage/tandem';
import { isNumber } from './block-target';
import { sealsBy, type SealsOf } from './sealed-number';

/**
 * What is shut out: codes and logins, the messages that strangers ask for, or all messages. As it stands before the
 * target on record.
 */
const SCOPES = { all: '', strangers: 'strangers ', messages: 'messages ' } as const;

export type BlockScope = keyof typeof SCOPES;

export interface BlockUntil {
  readonly target: string;
  readonly scope: BlockScope;
  readonly expiresAt: Date;
}

/** Blocks on record, by the clock of the database. Targets are what `blockTarget` returns. */
@Injectable()
export class BlocksService {
  private readonly table: Sql;
  private readonly sealsOf: SealsOf;

  constructor(
    private readonly changes: ChangesService,
    @InjectDataSource(TANDEM) private readonly dataSource: DataSource,
    ring: KeyRing,
  ) {
    this.sealsOf = sealsBy(ring);
    this.table = nameIn(dataSource, 'blocks');
  }

  /** Those of some scopes that have not ended, in the order of their ends. */
  async list(scopes: readonly BlockScope[]): Promise<BlockUntil[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<{ target: string; expires_at: Integer }>(sql`SELECT target, expires_at
        FROM ${this.table} WHERE expires_at > ${sqlNow(this.dataSource)} ORDER BY expires_at`),
    );
    return rows.map(fromRow).filter(({ scope }) => scopes.includes(scope));
  }

  /** In place of an earlier one. Those that have ended go. */
  async add(
    target: string,
    seconds: number,
    by: By,
    scope: BlockScope = 'all',
  ): Promise<BlockUntil> {
    const now = await readClock(this.dataSource);
    const row = {
      target: SCOPES[scope] + target,
      created_at: now,
      expires_at: now + seconds * 1000,
    };
    const detail = { scope, seconds };
    const told = { action: 'block.added', ...by, ...about(target), detail } as const;
    await atomically(this.dataSource, {
      ended: sql`DELETE FROM ${this.table} WHERE expires_at <= ${now}`,
      earlier: sql`DELETE FROM ${this.table} WHERE target = ${row.target}`,
      block: insertion(this.table, row),
      ...this.changes.tell(told),
    });
    return { target, scope, expiresAt: new Date(row.expires_at) };
  }

  /** @returns whether there was one, also of a number that is sealed. */
  async remove(target: string, by: By, scope: BlockScope = 'all'): Promise<boolean> {
    const seals = isNumber(target) ? this.sealsOf(target) : [];
    const names = [target, ...seals].map((name) => SCOPES[scope] + name);
    const it = sql`FROM ${this.table} WHERE target IN (${join(names)})`;
    const { removed } = await atomically(this.dataSource, {
      ...this.changes.tell({
        action: 'block.removed',
        ...by,
        ...about(target),
        detail: { scope },
        when: sql`${it} LIMIT 1 ${forUpdate(this.dataSource)}`,
      }),
      removed: sql`DELETE ${it}`,
    });
    return removed > 0;
  }

  /**
   * Takes a number out of the blocks that shut it out, in the transaction that erases its user: they go on, under a seal.
   *
   * @param shutOutUntil when it is to be shut out in any case; both in epoch milliseconds.
   */
  async seal(
    { queryRunner }: EntityManager,
    mobile: E164,
    now: number,
    shutOutUntil?: number,
  ): Promise<void> {
    const [seal, ...before] = this.sealsOf(mobile);
    const names = [mobile, seal, ...before];
    for (const scope of SCOPE_NAMES) {
      const targets = join(names.map((name) => SCOPES[scope] + name));
      const found = await execute(
        queryRunner!,
        sql`SELECT expires_at FROM ${this.table} WHERE target IN (${targets}) ${forUpdate(this.dataSource)}`,
      );
      const ends = (found as { expires_at: Integer }[]).map((row) => Number(row.expires_at));
      if (scope === 'all' && shutOutUntil !== undefined) ends.push(shutOutUntil);
      if (ends.length === 0) continue;
      const row = { target: SCOPES[scope] + seal, created_at: now, expires_at: Math.max(...ends) };
      await execute(queryRunner!, sql`DELETE FROM ${this.table} WHERE target IN (${targets})`);
      await execute(queryRunner!, insertion(this.table, row));
    }
  }
}

function about(target: string): Pick<Change, 'mobile' | 'personal'> {
  return isNumber(target) ? { mobile: target } : { personal: { target } };
}

function fromRow({ target, expires_at }: { target: string; expires_at: Integer }): BlockUntil {
  const scope = SCOPE_NAMES.find((name) => target.startsWith(SCOPES[name]))!;
  return {
    target: target.slice(SCOPES[scope].length),
    scope,
    expiresAt: new Date(Number(expires_at)),
  };
}

/** The empty one, with which every target starts, last. */
const SCOPE_NAMES: readonly BlockScope[] = ['strangers', 'messages', 'all'];
