import type { ColumnOptions, ValueTransformer } from 'typeorm';

/** Drivers hand 64-bit integers over as strings (mysql2) or BigInts (libsql). */
const decimalString: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: bigint | string | null | undefined) => value?.toString() ?? value,
};

const integer: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value == null ? value : Number(value)),
};

const epochMilliseconds: ValueTransformer = {
  to: (value: unknown) => (value instanceof Date ? value.getTime() : value),
  from: (value: unknown) => (value == null ? value : new Date(Number(value))),
};

/** A snowflake, exact in every store: a decimal string here, a 64-bit integer there. */
export const ID = { type: 'bigint', transformer: decimalString } as const satisfies ColumnOptions;

/** A moment: a Date here, epoch milliseconds there, so no store's time zone or precision can change it. */
export const TIME = {
  type: 'bigint',
  transformer: epochMilliseconds,
} as const satisfies ColumnOptions;

export const INTEGER = { type: 'int', transformer: integer } as const satisfies ColumnOptions;
