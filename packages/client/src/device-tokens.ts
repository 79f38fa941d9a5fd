import type { TextStorage } from './storage.ts';

/** The oldest gives way. */
const MAX_TOKENS = 5;
/** A number is told by its last digits: they are the same in every spelling. */
const DIGITS = 8;

type Entry = readonly [bucket: number, token: string];

/**
 * The `device_token`s of this browser or app, which outlive logouts: by them the server knows the owner's own device when
 * strangers guess. No number is kept, nor a hash that could be searched for one: numbers share 256 buckets.
 */
export class DeviceTokens {
  constructor(
    private readonly storage: TextStorage,
    private readonly name: string,
  ) {}

  async of(mobile: string): Promise<string | undefined> {
    const bucket = bucketOf(mobile);
    return (await this.entries()).find((entry) => entry[0] === bucket)?.[1];
  }

  /** For a login without a number. Those of others are worth nothing, and harm nobody. */
  async newest(): Promise<string | undefined> {
    return (await this.entries())[0]?.[1];
  }

  async keep(mobile: string, token: string): Promise<void> {
    const bucket = bucketOf(mobile);
    const others = (await this.entries()).filter((entry) => entry[0] !== bucket);
    const entries: Entry[] = [[bucket, token], ...others];
    await this.write(JSON.stringify(entries.slice(0, MAX_TOKENS)));
  }

  async forget(): Promise<void> {
    await this.storage.removeItem(this.name);
  }

  /** None where the store cannot be read: a login works without. */
  private async entries(): Promise<Entry[]> {
    try {
      return JSON.parse((await this.storage.getItem(this.name)) ?? '[]') as Entry[];
    } catch {
      return [];
    }
  }

  private async write(text: string): Promise<void> {
    try {
      await this.storage.setItem(this.name, text);
    } catch {
      // The next login comes as a stranger's.
    }
  }
}

/** FNV-1a of the last digits, to one byte. */
export function bucketOf(mobile: string): number {
  let hash = 0x811c9dc5;
  for (const digit of mobile.normalize('NFKC').replaceAll(/\D/g, '').slice(-DIGITS)) {
    hash = Math.imul(hash ^ digit.charCodeAt(0), 0x01000193);
  }
  return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 0xff;
}
