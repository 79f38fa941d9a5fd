import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager, In } from 'typeorm';
import { AuditEvent } from '../../audit/audit-event.entity';
import { BATCH } from '../../storage/batches';
import { nameIn, rowsOf, select } from '../../storage/queries';
import { type Integer, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';

const PAGE = 5000;

/** What the audit has of operators in its rows about others: from where they came. Nobody else is in rows about others. */
@Injectable()
export class OperatorTracesService {
  constructor(@InjectDataSource(TANDEM) private readonly dataSource: DataSource) {}

  /** Reads all of the audit for somebody who ever had a role, and nothing for anybody else: no index serves so few. */
  async of(userId: string): Promise<string[]> {
    const { manager } = this.dataSource;
    const hadRole = await manager.existsBy(AuditEvent, { userId, action: 'roles.changed' });
    const traces: string[] = [];
    for (let last: string | undefined = hadRole ? '0' : undefined; last !== undefined;) {
      const page: Row[] = await this.readAfter(last);
      traces.push(
        ...page.filter(({ actor_id }) => actor_id === userId).map(({ id }) => String(id)),
      );
      last = page.length < PAGE ? undefined : String(page.at(-1)!.id);
    }
    return traces;
  }

  async erase(manager: EntityManager, traces: readonly string[]): Promise<void> {
    for (let start = 0; start < traces.length; start += BATCH) {
      const batch = In(traces.slice(start, start + BATCH));
      await manager.update(AuditEvent, { id: batch }, { personal: null, salt: null });
    }
  }

  private readAfter(last: string): Promise<Row[]> {
    const table = nameIn(this.dataSource, 'audit_events');
    return select(
      this.dataSource,
      rowsOf<Row>(
        sql`SELECT id, actor_id FROM ${table} WHERE id > ${last} ORDER BY id LIMIT ${PAGE}`,
      ),
    );
  }
}

interface Row {
  readonly id: Integer;
  readonly actor_id: string | null;
}
