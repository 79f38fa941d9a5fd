import { randomBytes, randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { RemoteAnswer, RemoteServer } from './remote-server';

/** Guesses under way at a time. */
const ROUND = 4;
/** More than twice what the server lets an address do unless it is told otherwise. */
const MOST_GUESSES = 120;

type Outcome = 'checked' | 'limited' | 'refused';

/**
 * Guesses the password of a user that does not exist, since nobody has such a name.
 *
 * @returns `limited` by the address; `refused` by something else, most likely in front of the server.
 * @throws Error when the server fails.
 */
export async function guess(server: RemoteServer, headers?: OutgoingHttpHeaders): Promise<Outcome> {
  const username = `doctor-${randomBytes(12).toString('hex')}`;
  const body = { username, password: randomUUID() };
  const answer = await server.send('POST', '/auth/login', { headers, body });
  if (answer.status >= 500) throw new Error(`POST /auth/login answers ${answer.status}`);
  if (answer.body.errorCode === 'INVALID_CREDENTIALS') return 'checked';
  return isLimit(answer) ? 'limited' : 'refused';
}

/**
 * Guesses until no more guesses of this address are checked.
 *
 * @returns how many it took; undefined when there is no end to them.
 * @throws Error when they are refused for another reason.
 */
export async function useUpGuesses(server: RemoteServer): Promise<number | undefined> {
  for (let guesses = 0; guesses < MOST_GUESSES; guesses += ROUND) {
    const round = await Promise.all(Array.from({ length: ROUND }, () => guess(server)));
    if (round.includes('refused')) {
      throw new Error('something in front of the server refuses POST /auth/login');
    }
    if (round.every((outcome) => outcome === 'limited')) return guesses;
  }
  return undefined;
}

/** Not the limit of the username, nor one of a proxy. */
function isLimit({ body }: RemoteAnswer): boolean {
  return body.errorCode === 'TOO_MANY_REQUESTS' && String(body.message).includes('this address');
}
