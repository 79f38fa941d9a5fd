import type { ErrorCode, LimitKind } from './contract.ts';

/** `NO_ANSWER`: the network failed, or what answered was not Tandem. */
export type ClientErrorCode = ErrorCode | 'NO_ANSWER';

interface Details {
  readonly status?: number;
  readonly retryAfter?: number;
  readonly limit?: LimitKind;
  readonly ticket?: string;
  readonly reservedUntil?: Date;
  readonly availableAt?: Date;
  readonly requestId?: string;
  readonly problems?: string[];
  readonly cause?: unknown;
}

/** What a call failed with. Decide on `errorCode`; the words for people are in `@tandem/client/words`. */
export class TandemError extends Error {
  override readonly name = 'TandemError';
  /** Undefined without an answer. */
  readonly status?: number;
  /** Seconds until it may be tried again. */
  readonly retryAfter?: number;
  /** What there was too much of. */
  readonly limit?: LimitKind;
  /** What is answered with: `NUMBER_PERHAPS_REASSIGNED` by `answerReassigned`, `NUMBER_MOVED` by `undoNumberChange`. */
  readonly ticket?: string;
  /** With `NUMBER_MOVED`: until when the number is kept for its account. */
  readonly reservedUntil?: Date;
  /** With `NUMBER_CLAIM_WAITS`: when to come back. */
  readonly availableAt?: Date;
  /** Names the request in the server's log. */
  readonly requestId?: string;
  /** What is wrong with the request, one sentence each. */
  readonly problems: readonly string[];

  constructor(
    readonly errorCode: ClientErrorCode,
    { problems = [], cause, ...details }: Details = {},
  ) {
    super(problems.join(' ') || errorCode, { cause });
    Object.assign(this, details);
    this.problems = problems;
  }
}

/** What a server has said. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined unless it is JSON. */
  readonly body: unknown;
}

export async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  return { status, headers, body: parse(await response.text()) };
}

/** @throws TandemError for everything but success. */
export function successIn(answer: Answer): unknown {
  const { status, body } = answer;
  if (status === 204 || (status < 300 && body !== undefined)) return body;
  throw errorOf(answer);
}

/** The error that an answer stands for. Proxies and portals answer, too, in forms of their own. */
export function errorOf({ status, headers, body }: Answer): TandemError {
  const said = (body ?? {}) as Partial<ErrorBody>;
  const retryAfter = Number(said.retry_after ?? headers.get('retry-after')) || undefined;
  if (status < 400 || typeof said.errorCode !== 'string') {
    return new TandemError('NO_ANSWER', { status, retryAfter });
  }
  const { errorCode, limit, ticket, request_id: requestId, message } = said;
  const [reservedUntil, availableAt] = [said.reserved_until, said.available_at].map(dateIn);
  const problems = [message ?? []].flat();
  const times = { retryAfter, reservedUntil, availableAt };
  return new TandemError(errorCode, { status, limit, ticket, requestId, problems, ...times });
}

interface ErrorBody {
  errorCode: ErrorCode;
  message: string | string[];
  limit: LimitKind;
  ticket: string;
  reserved_until: string | null;
  available_at: string;
  retry_after: number;
  request_id: string;
}

const dateIn = (text?: string | null) => (text ? new Date(text) : undefined);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
