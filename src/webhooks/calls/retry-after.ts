const MOST_MS = 86_400_000;

/** The milliseconds that a `Retry-After` (RFC 9110, section 10.2.3) asks for, a day at most. */
export function retryAfterOf(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return milliseconds > 0 ? Math.min(milliseconds, MOST_MS) : undefined;
}
