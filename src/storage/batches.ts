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
