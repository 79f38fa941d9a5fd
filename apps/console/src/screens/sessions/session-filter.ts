/** Which sessions: of a network, opened before a time. As the server takes it, and as addresses have it. */
export interface SessionFilter {
  readonly network?: string;
  readonly opened_before?: string;
  readonly live?: string;
}

const NAMES = ['network', 'opened_before', 'live'] as const;

export const filterIn = (query: Record<string, string>): SessionFilter =>
  Object.fromEntries(NAMES.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));

/** What a field for a local time shows of a moment. */
export function localFrom(moment = ''): string {
  const at = new Date(moment);
  if (Number.isNaN(+at)) return '';
  return new Date(+at - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export const momentFrom = (local: string): string => (local ? new Date(local).toISOString() : '');
