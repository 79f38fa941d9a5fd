import { type FindOptionsWhere, In, type ObjectLiteral, type Repository } from 'typeorm';

/** Rows per statement: small enough to hold no lock for long. */
export const BATCH = 500;

/** Reads batches and changes them so that they are not read again, until one is not full. */
export async function inBatches<T>(
  read: (take: number) => Promise<T[]>,
  change: (rows: T[]) => Promise<unknown>,
): Promise<void> {
  for (;;) {
    const rows = await read(BATCH);
    if (rows.length > 0) await change(rows);
    if (rows.length < BATCH) return;
  }
}

/** Deletes rows in batches that lock few of them. */
export function deleteInBatches<E extends ObjectLiteral & { id: string }>(
  rows: Repository<E>,
  where: FindOptionsWhere<E>,
): Promise<void> {
  const select = { id: true } as object;
  return inBatches(
    (take) => rows.find({ where, select, take }),
    (batch) => rows.delete({ id: In(batch.map(({ id }) => id)) } as FindOptionsWhere<E>),
  );
}
