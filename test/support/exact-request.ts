import { Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface ExactAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** Sends a path and headers as they are, where `fetch` would tidy them up or forbid them. */
export function exactRequest(
  baseUrl: string,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
): Promise<ExactAnswer> {
  return new Promise((resolve, reject) => {
    request(baseUrl, { agent, method, path, headers }, (response) => {
      const { statusCode: status, headers: answered } = response;
      const answer = text(response).then((body) => ({
        status: status!,
        headers: answered,
        text: body,
      }));
      answer.then(resolve, reject);
    })
      .once('error', reject)
      .end();
  });
}
