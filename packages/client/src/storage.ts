/** Where texts are kept: `localStorage`, or what an app has (AsyncStorage, a keychain). */
export interface TextStorage {
  getItem(name: string): string | null | Promise<string | null>;
  setItem(name: string, text: string): void | Promise<void>;
  removeItem(name: string): void | Promise<void>;
  /** Whether other tabs of the browser have it, too. */
  readonly isShared?: boolean;
  /** Whether refresh tokens go into a cookie that scripts cannot read, and only the rest is kept here. */
  readonly hasCookie?: boolean;
}

export type StorageOption = 'cookie' | 'local' | 'memory' | TextStorage;

/** `local` is memory where a browser has no localStorage, or denies it. */
export function storageFor(option: StorageOption): TextStorage {
  if (typeof option === 'object') return option;
  const storage = (option === 'memory' ? undefined : local()) ?? memory();
  return option === 'cookie' ? { ...storage, hasCookie: true } : storage;
}

function local(): TextStorage | undefined {
  try {
    if (typeof document === 'undefined') return undefined;
    const storage = localStorage;
    return {
      isShared: true,
      getItem: (name) => storage.getItem(name),
      setItem: (name, text) => storage.setItem(name, text),
      removeItem: (name) => storage.removeItem(name),
    };
  } catch {
    return undefined;
  }
}

function memory(): TextStorage {
  const texts = new Map<string, string>();
  return {
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, text) => void texts.set(name, text),
    removeItem: (name) => void texts.delete(name),
  };
}
