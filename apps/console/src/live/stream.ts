import { tandem } from '../session/server.ts';

/** As `GET /admin/events` tells it. */
export interface LiveEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly position: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Reader {
  /** Also of an empty line, which says that there is nothing to tell. */
  readonly heard: () => void;
  readonly told: (event: LiveEvent) => void;
}

const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** Lines come every 15 s: a connection without them is dead, and nobody else says so. */
const SILENT_MS = 40_000;

/** Follows the events until it is aborted, and goes on where a stream ended. */
export async function follow({ heard, told }: Reader, signal: AbortSignal): Promise<void> {
  let after = '';
  let pause = PAUSE_MS;
  while (!signal.aborted) {
    const patience = new Patience();
    try {
      for await (const line of linesOf(after, AbortSignal.any([signal, patience.signal]))) {
        pause = PAUSE_MS;
        patience.renew();
        heard();
        if (!line) continue;
        const event = JSON.parse(line) as LiveEvent;
        after = event.position;
        told(event);
      }
    } catch {
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    } finally {
      patience.end();
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}

async function* linesOf(after: string, signal: AbortSignal): AsyncGenerator<string> {
  const query = after && `?after=${after}`;
  const { ok, body } = await tandem.fetch(`/admin/events${query}`, { signal, cache: 'no-store' });
  if (!ok || !body) throw new Error('No stream.');
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
}

/** Aborts what is silent for too long. */
class Patience {
  private readonly over = new AbortController();
  private timer = this.start();

  get signal(): AbortSignal {
    return this.over.signal;
  }

  renew(): void {
    clearTimeout(this.timer);
    this.timer = this.start();
  }

  end(): void {
    clearTimeout(this.timer);
  }

  private start() {
    return setTimeout(() => this.over.abort(), SILENT_MS);
  }
}
