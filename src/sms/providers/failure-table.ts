import type { Failure, FailureKind } from '../send-failure';
import { retryAfterOf, type SdkError, statusOf } from './sdk-error';

/** What the codes of a provider mean. `Throttling.*` stands for all that begin with `Throttling.`, `HTTP 422` for the status. */
export type FailureTable = Readonly<Partial<Record<FailureKind, readonly string[]>>>;

/** Reads failures by a provider's table; what it does not know by the HTTP status. */
export class Failures {
  private readonly kinds: ReadonlyMap<string, FailureKind>;

  /** @param waitOf the seconds that what is throttled has to wait, where the provider tells by its code. */
  constructor(
    table: FailureTable,
    private readonly waitOf: (error: SdkError) => number | undefined = () => undefined,
  ) {
    const entries = Object.entries(table) as [FailureKind, readonly string[]][];
    this.kinds = new Map(entries.flatMap(([kind, codes]) => codes.map((code) => [code, kind])));
  }

  of(error: SdkError): Failure {
    const kind = this.knownKindOf(error) ?? kindOfUnknown(error);
    const isThrottled = kind === 'number-throttled' || kind === 'account-throttled';
    return isThrottled
      ? { kind, waitSeconds: this.waitOf(error) ?? retryAfterOf(error) }
      : { kind };
  }

  private knownKindOf(error: SdkError): FailureKind | undefined {
    const codes = [error.code, error.name, `HTTP ${statusOf(error)}`].map(String);
    const families = codes.map((code) => code.replace(/\..*$/s, '.*'));
    const known = [...codes, ...families].find((code) => this.kinds.has(code));
    return known === undefined ? undefined : this.kinds.get(known);
  }
}

/** What the system or the HTTP client calls a failed connection. */
const NETWORK_CODE = /^(E[A-Z_]+|UND_[A-Z_]+|undefined)$/;

function kindOfUnknown(error: SdkError): FailureKind {
  const status = statusOf(error);
  if (status === undefined) return NETWORK_CODE.test(String(error.code)) ? 'outage' : 'unknown';
  if ([401, 402, 403].includes(status)) return 'access';
  if (status === 429) return 'account-throttled';
  return status >= 400 && status < 500 && status !== 408 ? 'unknown' : 'outage';
}
