/** The error codes of a driver by what they mean. */
export interface ErrorCodes {
  /** The database is away or overloaded. */
  readonly outages: readonly string[];
  /** A transaction was rolled back only because of another one. */
  readonly deadlocks: readonly string[];
  /** A write met a server that takes none, as the old primary does after a failover. */
  readonly readOnly: readonly string[];
  /** No retry can succeed: they end the start. */
  readonly permanent: readonly string[];
  /** Finds the violated unique key at the end of the message: the value before it may be any text. */
  readonly duplicateKey: RegExp;
}
