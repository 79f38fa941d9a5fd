import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { follow, type LiveEvent } from './stream.ts';

/** Lines come every 15 s. */
const BEHIND_MS = 25_000;
const LOOK_MS = 1000;
const KEPT = 50;

/** The newest first. */
export const events = signal<readonly LiveEvent[]>([]);
/** When the server was last heard. */
export const heardAt = signal<number | null>(null);
export const isBehind = signal(false);

const listeners = new Set<(event: LiveEvent) => unknown>();
let following: AbortController | undefined;
let watch: ReturnType<typeof setInterval>;

/** One stream for all that is on the screen; none where nothing follows it. */
export function useLive(listen: (event: LiveEvent) => unknown): void {
  useEffect(() => {
    listeners.add(listen);
    if (!following) begin();
    return () => {
      listeners.delete(listen);
      if (listeners.size === 0) end();
    };
  }, [listen]);
}

function begin(): void {
  following = new AbortController();
  watch = setInterval(() => {
    isBehind.value = heardAt.value !== null && Date.now() - heardAt.value > BEHIND_MS;
  }, LOOK_MS);
  void follow({ heard, told }, following.signal);
}

function end(): void {
  following?.abort();
  following = undefined;
  clearInterval(watch);
  events.value = [];
  heardAt.value = null;
}

function heard(): void {
  heardAt.value = Date.now();
  isBehind.value = false;
}

function told(event: LiveEvent): void {
  events.value = [event, ...events.value].slice(0, KEPT);
  for (const listen of listeners) listen(event);
}
