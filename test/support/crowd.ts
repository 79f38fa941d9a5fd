import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Few enough not to hold, all together, what one of them is about to be refused. */
const CALLERS = 24;

const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });

export interface CrowdAnswer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- specs look into bodies freely
  body: any;
}

/** Does something so many times, for several callers at once; the outcomes are in order. */
export async function crowd<T>(times: number, act: (index: number) => Promise<T>): Promise<T[]> {
  const outcomes: T[] = [];
  let next = 0;
  const caller = async () => {
    while (next < times) {
      const index = next++;
      outcomes[index] = await act(index);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return outcomes;
}

/** A request at a third of the cost of `fetch`, for thousands of them. */
export function sendCheaply(
  method: string,
  url: string,
  body: object | undefined,
  headers: Record<string, string>,
): Promise<CrowdAnswer> {
  return new Promise((resolve, reject) => {
    const type = body && { 'content-type': 'application/json' };
    const options = { agent, method, headers: { ...type, ...headers } };
    request(url, options, (response) => {
      const answer = text(response).then((answered) => ({
        status: response.statusCode!,
        body: answered === '' ? undefined : JSON.parse(answered),
      }));
      answer.then(resolve, reject);
    })
      .once('error', reject)
      .end(body && JSON.stringify(body));
  });
}

export const postCheaply = (url: string, body: object, headers: Record<string, string>) =>
  sendCheaply('POST', url, body, headers);
