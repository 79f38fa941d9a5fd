import type { E164 } from '../common/phone-number';
import type { Sign } from './send-failure';

/** The time over which numbers are counted. */
const WINDOW_MS = 60_000;
/** How long the breaker stays open before one message is tried (half-open). */
const OPEN_MS = 5000;
/** Numbers that a failing provider must have failed, and networks that asked for them: one caller opens no breaker. */
const LEAST = { numbers: 3, networks: 2 };
/** Numbers that are remembered: the newest ones. */
const MAX_NUMBERS = 1000;

/** Whom a message is for, and where it was asked for. */
export interface Asker {
  readonly to: E164;
  readonly network: string;
}

/** `trial`: the one that shows whether an open breaker closes. */
export type Admission = 'usual' | 'trial' | 'spared';

interface Experience {
  readonly network: string;
  readonly hasFailed: boolean;
  readonly at: number;
}

/**
 * The circuit breaker of one provider and country. It opens when a provider fails more than half of the networks of a
 * minute, each counted once however much it asks for, and at once when the provider says that it takes nothing of us.
 */
export class SmsBreaker {
  /** By number, the newest last. */
  private readonly experiences = new Map<E164, Experience>();
  private openedAt?: number;
  private isTrying = false;

  /** @param elapsed milliseconds since some moment. */
  constructor(private readonly elapsed: () => number) {}

  /** How long it has been open, in milliseconds; null when it is closed. A look admits nothing. */
  get openMs(): number | null {
    return this.openedAt === undefined ? null : this.elapsed() - this.openedAt;
  }

  /** Whoever is admitted must {@link note} what came of it. */
  admit(): Admission {
    if (this.openedAt === undefined) return 'usual';
    if (this.isTrying || this.elapsed() < this.openedAt + OPEN_MS) return 'spared';
    this.isTrying = true;
    return 'trial';
  }

  /** @returns whether this opened it. */
  note(asker: Asker, admission: Admission, sign: Sign): boolean {
    if (admission === 'trial') this.endTrial(sign);
    if (this.openedAt !== undefined) return false;
    if (sign === 'works' || sign === 'fails') this.remember(asker, sign === 'fails');
    const opens = sign === 'refuses us' || (sign === 'fails' && this.isFailing());
    if (opens) this.open();
    return opens;
  }

  private endTrial(sign: Sign): void {
    this.isTrying = false;
    if (sign === 'works') this.openedAt = undefined;
    // What only concerns the number of the trial tells nothing: the next message is the trial.
    else if (sign !== 'nothing') this.open();
  }

  private open(): void {
    this.openedAt = this.elapsed();
    this.experiences.clear();
  }

  private remember({ to, network }: Asker, hasFailed: boolean): void {
    this.experiences.delete(to);
    this.experiences.set(to, { network, hasFailed, at: this.elapsed() });
    for (const [oldest, { at }] of this.experiences) {
      const isKept = this.experiences.size <= MAX_NUMBERS && at > this.elapsed() - WINDOW_MS;
      if (isKept) break;
      this.experiences.delete(oldest);
    }
  }

  private isFailing(): boolean {
    const known = [...this.experiences.values()];
    const failed = known.filter(({ hasFailed }) => hasFailed);
    // The newest of each: callers of few networks may fail with as many numbers as they like.
    const networks = new Map(known.map(({ network, hasFailed }) => [network, hasFailed]));
    const failedNetworks = [...networks.values()].filter(Boolean).length;
    return (
      failedNetworks * 2 > networks.size &&
      failedNetworks >= LEAST.networks &&
      failed.length >= LEAST.numbers
    );
  }
}
