import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { NODE_RETENTION_MS } from '../../events/nodes.service';
import { nameIn, rowsOf, select } from '../../storage/queries';
import { type Integer, sql } from '../../storage/sql';
import { TANDEM } from '../../storage/tandem';
import type { JobDto, NodeDto } from '../dto/overview.dto';

const MOST_JOBS = 50;
/** Of hundreds of machines, each with some workers. */
const MOST_NODES = 1000;
/** Three signs of life have not come. */
const SILENT_MS = 30_000;

/** What SQL knows of the processes of this installation. */
@Injectable()
export class NodesReportService {
  constructor(@InjectDataSource(TANDEM) private readonly dataSource: DataSource) {}

  async nodes(now: number): Promise<NodeDto[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<NodeRow>(sql`SELECT id, name, version, redis, sql_ms, started_at, seen_at
        FROM ${nameIn(this.dataSource, 'nodes')} WHERE seen_at >= ${now - NODE_RETENTION_MS}
        ORDER BY seen_at DESC LIMIT ${MOST_NODES}`),
    );
    return rows.map(({ sql_ms: sqlMs, started_at: startedAt, seen_at: seenAt, ...row }) => ({
      ...row,
      state: now - Number(seenAt) > SILENT_MS ? 'silent' : 'up',
      sql_ms: Number(sqlMs),
      started_at: new Date(Number(startedAt)),
      seen_at: new Date(Number(seenAt)),
    }));
  }

  async jobs(): Promise<JobDto[]> {
    const rows = await select(
      this.dataSource,
      rowsOf<JobRow>(sql`SELECT name, holder, expires_at
        FROM ${nameIn(this.dataSource, 'leases')} ORDER BY name LIMIT ${MOST_JOBS}`),
    );
    return rows.map(({ name, holder, expires_at: expiresAt }) => ({
      name,
      holder,
      held_until: new Date(Number(expiresAt)),
    }));
  }
}

interface NodeRow {
  id: string;
  name: string;
  version: string;
  redis: string;
  sql_ms: Integer;
  started_at: Integer;
  seen_at: Integer;
}

interface JobRow {
  name: string;
  holder: string;
  expires_at: Integer;
}
