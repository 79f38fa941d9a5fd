import { RemoteServer } from './remote-server';
import { ok, problem, type Verdict, warning } from './verdict';

/** Milliseconds. Nodes follow their database, but a wrong clock is the first sign that nobody sets them. */
const MAX_SKEW_MS = 5000;

export async function encryption({ url, isLoopback }: RemoteServer): Promise<Verdict> {
  if (url.protocol === 'https:') return ok('Answers by https, with a valid certificate.');
  return isLoopback
    ? ok('http, which never leaves this machine.')
    : problem('http: codes, passwords and tokens can be read on the way. Offer only https.');
}

/** The same host without TLS. Only where clients would look for it: on the standard ports. */
export async function plainHttp({ url, family }: RemoteServer): Promise<Verdict | undefined> {
  if (url.protocol !== 'https:' || url.port !== '') return undefined;
  const plain = new RemoteServer(new URL(url.href.replace(/^https/, 'http')), family);
  const answer = await plain.get('/users/me').catch(() => undefined);
  if (!answer) return ok('Not served.');
  if (answer.headers.location?.startsWith('https:')) return ok('Leads to https.');
  return 'errorCode' in answer.body
    ? problem('The API also answers by plain http: redirect to https, or close port 80.')
    : ok('Does not reach the API.');
}

/** The header holds whole seconds, and may have been written at any time of the exchange. */
export async function clock(server: RemoteServer): Promise<Verdict> {
  const sentAt = Date.now();
  const { headers } = await server.get('/health/live');
  const shown = Date.parse(headers.date ?? '');
  if (Number.isNaN(shown)) return warning('The answers have no Date to compare with.');
  const [ahead, behind] = [shown - Date.now(), sentAt - (shown + 1000)];
  const skew = Math.max(ahead, behind);
  if (skew <= MAX_SKEW_MS) return ok("Agrees with this machine's.");
  const direction = ahead > behind ? 'ahead of' : 'behind';
  return warning(`${Math.round(skew / 1000)} s ${direction} this machine's: one of them is wrong.`);
}
