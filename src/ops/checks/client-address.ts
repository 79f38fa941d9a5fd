import { FORGERIES, type Forgery } from './forgeries';
import { guess, useUpGuesses } from './password-guess';
import type { RemoteServer } from './remote-server';
import { ok, problem, type Verdict, warning } from './verdict';

/**
 * Whether a client can choose the address that limits count it under. With no guesses left, any that
 * is checked nevertheless was counted under another address: so each forgery takes one request.
 */
export async function forgedAddresses(server: RemoteServer): Promise<Verdict> {
  const guesses = await useUpGuesses(server);
  if (guesses === undefined) return problem(UNLIMITED);
  const believed: Forgery[] = [];
  for (const forgery of FORGERIES) if (await isBelieved(server, forgery)) believed.push(forgery);
  // A limit that ends meanwhile, or another node that counts for itself, looks like a forgery.
  if ((await guess(server)) !== 'limited') return warning(ENDED);
  if (believed.length > 0) return problem(adviceFor(believed));
  return ok(
    `${guesses} guesses and ${FORGERIES.length} with forged addresses were counted as one client.`,
  );
}

/**
 * Whether the server takes this client for the same in both versions of IP. It sees two addresses,
 * unless a proxy stands between that it does not know. Needs the guesses of `server` to be used up.
 *
 * @param twin the same server, by the other version.
 */
export async function sharedAddress(server: RemoteServer, twin: RemoteServer): Promise<Verdict> {
  if ((await guess(server)) !== 'limited') return warning(ENDED);
  return (await guess(twin)) === 'limited'
    ? problem(
        'Our IPv4 and our IPv6 address count as one: the server seems to see its proxy in place of ' +
          'all clients, who share every limit. Name the proxy in TRUST_PROXY.',
      )
    : ok('Our IPv4 and our IPv6 address count as two.');
}

const UNLIMITED =
  'No limit holds for our address. Each request seems to come from another one (does TRUST_PROXY ' +
  'name every proxy?), nodes count without a common Redis, or LIMITS is very high.';
const ENDED = 'The limit ended while we looked, or not all nodes share it: run this again.';

/** Twice, since one node of several may not have counted as far as the others. */
async function isBelieved(server: RemoteServer, { forge }: Forgery): Promise<boolean> {
  const isChecked = async () => (await guess(server, forge())) === 'checked';
  return (await isChecked()) && (await isChecked());
}

function adviceFor(believed: Forgery[]): string {
  const headers = new Set(believed.map(({ header }) => header));
  const change = `Clients choose the address that limits count, by ${[...headers].join(', ')}.`;
  if (headers.has('X-Forwarded-For')) {
    return `${change} TRUST_PROXY must name only your proxies: their addresses, or how many they are.`;
  }
  return `${change} The server reads only X-Forwarded-For: let the proxy overwrite that header.`;
}
