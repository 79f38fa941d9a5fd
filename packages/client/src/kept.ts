/** `cleared`: somebody else emptied the store. */
export type EndReason = 'logout' | 'session_ended' | 'user_disabled' | 'cleared';

/** What all tabs know of a session. Times are epoch milliseconds of the server. */
export interface Kept {
  /** One secret a session, drawn at the login: by it the server knows a retry from theft. Of a session in a cookie its id. It also tells sessions apart. */
  readonly key: string;
  /** Empty where it is in a cookie. */
  readonly refresh: string;
  readonly access: string;
  /** When the access token came, and when it ends. */
  readonly from: number;
  readonly until: number;
  /** Whether the refresh token is the successor of another one. */
  readonly rotated: boolean;
  /** Whether the token before this one was refused before its time. */
  readonly forced: boolean;
  /** How far the server's clock was ahead of the device's. */
  readonly offset: number;
}

/** What is kept of a session that has ended, so that no tab takes it for a loss. */
export interface Ending {
  readonly ended: EndReason;
}

/** Whether the store tells more than what this tab could not write over. */
export function isNews(entry: Kept | Ending | null, current: Kept | null): boolean {
  if (!entry || !('key' in entry)) return true;
  return entry.key !== current?.key || entry.until > current.until;
}

export function parse(text: string | null): Kept | Ending | null {
  try {
    return text === null ? null : (JSON.parse(text) as Kept | Ending);
  } catch {
    return null;
  }
}
