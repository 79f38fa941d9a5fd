import type { Environment } from './environment.ts';
import type { KeptSession } from './kept-session.ts';
import type { Patience } from './patience.ts';
import type { Refreshes } from './refreshes.ts';
import type { TokenAge } from './token-age.ts';

/** Refreshes when it is time, unless that is under way. */
export class RefreshTimer {
  private cancel = () => {};

  constructor(
    private readonly environment: Environment,
    private readonly kept: KeptSession,
    private readonly age: TokenAge,
    private readonly patience: Patience,
    private readonly refreshes: Refreshes,
  ) {}

  /** Anew, after every change. */
  set(): void {
    this.cancel();
    const { current } = this.kept;
    if (!current || this.refreshes.isUnderWay) return;
    const isDue = this.age.isDue(current);
    const due = isDue ? this.age.spacingOf(current) : this.age.untilDue(current);
    const wait = Math.max(due, this.patience.wait, 0);
    this.cancel = this.environment.after(wait, () => this.refreshes.run().catch(() => {}));
  }

  stop(): void {
    this.cancel();
  }
}
