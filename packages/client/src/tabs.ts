/** The other tabs that share a store. */
export interface Tabs {
  /** Tells them to look at the store. No secret is in what is said. */
  announce(): void;
  stop(): void;
}

export const NO_TABS: Tabs = { announce: () => {}, stop: () => {} };

/**
 * Calls back when another tab has changed what is kept under `name`. Both ways at once: a message may come before the
 * change that it tells of, the event never does, and some browsers have one of the two only.
 */
export function watchTabs(name: string, onChange: () => void): Tabs {
  let channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(name) : undefined;
  channel?.addEventListener('message', onChange);
  const onStorage = ({ key }: StorageEvent) => {
    if (key === name || key === null) onChange();
  };
  addEventListener('storage', onStorage);
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- channels have none
    announce: () => channel?.postMessage('changed'),
    stop() {
      channel?.close();
      // One that is closed throws.
      channel = undefined;
      removeEventListener('storage', onStorage);
    },
  };
}
