import type { EventType } from '../events/event-types';
import type { SecretState } from './webhook-secrets.service';
import type { WebhookEndpoint } from './webhook-endpoint.entity';

export const EVERY_EVENT = '*';

/** An endpoint as it is delivered to: its row as it was read, and what has changed since. */
export class Receiver implements SecretState {
  readonly id: string;
  url!: string;
  isPii!: boolean;
  secretVersion!: number;
  overlapUntil!: Date | null;
  position: string;
  /** It has just been switched off. */
  isDisabled = false;
  /** Epoch milliseconds. */
  failingSince: number | null;
  private types!: ReadonlySet<string>;

  constructor(row: WebhookEndpoint) {
    this.id = row.id;
    this.position = row.position;
    this.failingSince = row.failingSince?.getTime() ?? null;
    this.follow(row);
  }

  /** Takes over what operators may have changed. */
  follow({ url, pii, secretVersion, overlapUntil, events, position }: WebhookEndpoint): void {
    this.url = url;
    this.isPii = pii === 1;
    this.secretVersion = secretVersion;
    this.overlapUntil = overlapUntil;
    this.types = new Set(events.split(' '));
    // Where another node has come to since; never back.
    if (BigInt(position) > BigInt(this.position)) this.position = position;
  }

  wants(type: EventType): boolean {
    return this.wantsAll || this.types.has(type);
  }

  /** The types that it wants; undefined for all. */
  get wanted(): readonly string[] | undefined {
    return this.wantsAll ? undefined : [...this.types];
  }

  private get wantsAll(): boolean {
    return this.types.has(EVERY_EVENT);
  }
}
