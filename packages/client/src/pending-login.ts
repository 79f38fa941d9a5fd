import { bucketOf } from './device-tokens.ts';
import type { TextStorage } from './storage.ts';

/** A login that has begun: phones drop the page while its user reads the message. */
interface Pending {
  readonly of: string;
  /** Sent with every attempt: an answer that was lost is given again. It becomes the key of the session. */
  readonly key: string;
  readonly challenge?: string;
}

export class PendingLogin {
  constructor(
    private readonly storage: TextStorage,
    private readonly name: string,
    private readonly secret: () => string,
  ) {}

  /** After a request for a code. */
  async begin(mobile: string, challenge: string): Promise<void> {
    await this.write({ of: `number ${bucketOf(mobile)}`, key: this.secret(), challenge });
  }

  byCode(mobile: string): Promise<Pending> {
    return this.of(`number ${bucketOf(mobile)}`);
  }

  byPassword(): Promise<Pending> {
    return this.of('password');
  }

  async done(): Promise<void> {
    try {
      await this.storage.removeItem(this.name);
    } catch {
      // It is good for a minute.
    }
  }

  private async of(of: string): Promise<Pending> {
    const kept = await this.read();
    if (kept?.of === of) return kept;
    const pending = { of, key: this.secret() };
    await this.write(pending);
    return pending;
  }

  private async read(): Promise<Pending | null> {
    try {
      return JSON.parse((await this.storage.getItem(this.name)) ?? 'null') as Pending | null;
    } catch {
      return null;
    }
  }

  private async write(pending: Pending): Promise<void> {
    try {
      await this.storage.setItem(this.name, JSON.stringify(pending));
    } catch {
      // It lasts as long as the call.
    }
  }
}
