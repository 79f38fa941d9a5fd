/** Which sessions: of a network, opened before a time. As the server takes it, and as addresses have it. */
export interface SessionFilter {
  readonly network?: string;
  readonly opened_before?: string;
  readonly live?: string;
}

const NAMES = ['network', 'opened_before', 'live'] as const;

export const filterIn = (query: Record<string, string>): SessionFilter =>
  Object.fromEntries(NAMES.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
