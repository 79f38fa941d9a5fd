import type { Action } from './actions';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Refusals of a network and a minute that are told one by one. */
const PER_NETWORK = 20;
/** Kinds that are counted apart: beyond them networks are counted together. */
const MAX_KINDS = 1000;
/** Subjects that are remembered for the hour. */
const MAX_SUBJECTS = 20_000;

export interface RefusalKind {
  readonly action: Action;
  readonly reason: string;
  /** Undefined for all networks beyond {@link MAX_KINDS}. */
  readonly network?: string;
}

interface Counted extends RefusalKind {
  count: number;
  readonly since: number;
}

/**
 * Decides which refusals are told one by one: the first of a subject, a reason and an hour, and {@link PER_NETWORK} a minute of
 * every network. The others are counted. Its memory is bounded.
 */
export class RefusalSamples {
  private hour = 0;
  private minute = 0;
  private readonly subjects = new Set<string>();
  private readonly perNetwork = new Map<string, number>();
  private counts = new Map<string, Counted>();

  constructor(private readonly now: () => number) {}

  /**
   * @param subject the number or user that it is about.
   * @param hasRoom without it this one is counted, too.
   */
  take(kind: RefusalKind, subject: string | undefined, hasRoom: boolean): boolean {
    this.turn();
    const isFirst = this.isFirst(kind, subject);
    const isWithin = this.isWithin(kind.network!);
    if (hasRoom && (isFirst || isWithin)) return true;
    this.count(kind);
    return false;
  }

  /** What was counted in the minutes before this one, each once. */
  countsOfLastMinute(): Counted[] {
    const due = [...this.counts].filter(([, { since }]) => since < this.now() - MINUTE_MS);
    for (const [key] of due) this.counts.delete(key);
    return due.map(([, counted]) => counted);
  }

  private turn(): void {
    const [hour, minute] = [Math.floor(this.now() / HOUR_MS), Math.floor(this.now() / MINUTE_MS)];
    if (hour !== this.hour || this.subjects.size >= MAX_SUBJECTS) this.subjects.clear();
    if (minute !== this.minute || this.perNetwork.size >= MAX_SUBJECTS) this.perNetwork.clear();
    [this.hour, this.minute] = [hour, minute];
  }

  private isFirst({ action, reason }: RefusalKind, subject: string | undefined): boolean {
    if (subject === undefined) return false;
    const key = `${subject} ${action} ${reason}`;
    if (this.subjects.has(key)) return false;
    this.subjects.add(key);
    return true;
  }

  private isWithin(network: string): boolean {
    const told = this.perNetwork.get(network) ?? 0;
    this.perNetwork.set(network, told + 1);
    return told < PER_NETWORK;
  }

  private count(kind: RefusalKind): void {
    const key = (network?: string) => `${kind.action} ${kind.reason} ${network}`;
    const isApart = this.counts.size < MAX_KINDS || this.counts.has(key(kind.network));
    const counted = isApart ? kind : { ...kind, network: undefined };
    const known = this.counts.get(key(counted.network));
    if (known) known.count += 1;
    else this.counts.set(key(counted.network), { ...counted, count: 1, since: this.now() });
  }
}
