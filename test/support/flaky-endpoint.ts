import { WebhookReceiver } from './webhook-receiver';

/** It is down for a second of each ten. */
const [DOWN_MS, EVERY_MS] = [1000, 10_000];

/** A receiver of events that is down a tenth of the time, and remembers ids only. */
export class FlakyEndpoint {
  /** Ids of the events that it took. */
  readonly told = new Set<string>();
  /** Calls whose `webhook-id` is not the id of their event. */
  readonly misnamed: string[] = [];
  /** Milliseconds from when an event was written until its first call. */
  private readonly delays = new Map<string, number>();
  calls = 0;

  private constructor(private readonly receiver: WebhookReceiver) {
    receiver.behave = ({ id, event }) => {
      receiver.calls.length = 0;
      this.calls += 1;
      if (!this.delays.has(event.id))
        this.delays.set(event.id, Date.now() - Date.parse(event.timestamp));
      if (id !== event.id) this.misnamed.push(id);
      if (Date.now() % EVERY_MS < DOWN_MS) return 503;
      this.told.add(id);
      return 200;
    };
  }

  static async open(): Promise<FlakyEndpoint> {
    return new FlakyEndpoint(await WebhookReceiver.open());
  }

  /** Of the times until the first call. */
  get p95(): number {
    const delays = [...this.delays.values()].toSorted((a, b) => a - b);
    return delays[Math.floor(delays.length * 0.95)]!;
  }

  get url(): string {
    return this.receiver.url;
  }

  close(): Promise<void> {
    return this.receiver.close();
  }
}
