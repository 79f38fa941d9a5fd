import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getDataSourceToken } from '@nestjs/typeorm';
import { ChangesService } from '../../src/audit/changes.service';
import { Clock } from '../../src/common/clock';
import { Snowflake } from '../../src/common/snowflake';
import { Env } from '../../src/config/env';
import { TANDEM } from '../../src/storage/tandem';
import type { Format } from '../../src/users/import/import-formats';
import { ImportReport } from '../../src/users/import/import-report';
import { ImportQueries } from '../../src/users/import/import.queries';
import { UsersExportService } from '../../src/users/import/users-export.service';
import { UsersImportService } from '../../src/users/import/users-import.service';
import type { TestApp } from './test-app';

const FIREBASE = { rounds: 8, memCost: 14, saltSeparator: 'Bw==' };
const ANA = { kind: 'cli', id: 'Ana' } as const;

interface MoveOptions {
  readonly format?: Format;
  readonly isDryRun?: boolean;
  readonly tellsOfEach?: boolean;
}

/** `tandem users import` into the stores of an application, without a process of its own. */
export async function moveIn(
  { nest }: TestApp,
  lines: readonly unknown[],
  { format = 'ndjson', isDryRun = false, tellsOfEach = false }: MoveOptions = {},
) {
  const queries = new ImportQueries(
    nest.get(ChangesService, { strict: false }),
    nest.get(Clock, { strict: false }),
    nest.get(getDataSourceToken(TANDEM)),
    nest.get(Snowflake, { strict: false }),
  );
  const path = join(mkdtempSync(join(tmpdir(), 'tandem-report-')), 'refused.csv');
  const [report, progress] = [new ImportReport(path), { imported: 0, alreadyThere: 0, refused: 0 }];
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  const options = { format, isDryRun, tellsOfEach, firebase: FIREBASE, actor: ANA };
  await new UsersImportService(nest.get(Env, { strict: false }), queries).import(
    pieces(text.join('\n')),
    options,
    report,
    progress,
  );
  report.close();
  return { ...progress, report: readFileSync(path, 'utf8') };
}

/** `tandem users export`. */
export async function moveOut(
  { nest }: TestApp,
  withPasswords = true,
  counts = { withoutNumber: 0 },
): Promise<any[]> {
  const changes = nest.get(ChangesService, { strict: false });
  const users = new UsersExportService(changes, nest.get(getDataSourceToken(TANDEM)));
  const pages: object[][] = [];
  for await (const page of users.export(ANA, withPasswords, counts)) pages.push([...page]);
  return pages.flat();
}

async function* pieces(text: string) {
  yield text;
}
