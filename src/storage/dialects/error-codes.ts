/** What the codes of a driver's errors mean. */
export interface ErrorCodes {
  /** The database is away or overloaded. */
  readonly outages: readonly string[];
  /** A transaction was rolled back only because of another one. */
  readonly deadlocks: readonly string[];
  /** A write met a server that takes none, as the old primary does after a failover. */
  readonly readOnly: readonly string[];
  /** Nothing that time brings mends them: at the start they end it. */
  readonly permanent: readonly string[];
  /** Finds the unique key that an insert collided on. The value in front of it may be anything: read from the end. */
  readonly duplicateKey: RegExp;
}
