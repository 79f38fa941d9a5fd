import { inspect } from 'node:util';
import type { E164 } from '../../src/common/phone-number';
import { type Failure, SendFailedError } from '../../src/sms/send-failure';
import type { CodeMessage, NoticeMessage, SmsProvider } from '../../src/sms/sms-provider';
import { type Answer, HttpRecorder } from './http-recorder';
import { freePort } from './servers/free-port';

export const MESSAGE: CodeMessage = {
  to: '+8613812345678' as E164,
  text: '493817 is your login code. It works for 5 min.',
  code: '493817',
  locale: 'en',
  minutes: 5,
};

export const NOTICE: NoticeMessage = {
  to: MESSAGE.to,
  text: 'Tandem: your password was changed.',
  locale: 'en',
  notice: 'password_changed',
  what: 'your password was changed',
};

/** What no error may hold. */
const CONFIDENTIAL = ['13812345678', MESSAGE.code, 'login code'];

interface Behaviour {
  /** The provider whose API is at an address. */
  at: (url: string) => SmsProvider;
  secrets: string[];
  /** Refusals as the API answers them, and what the error says about each. */
  refusals: [answer: Answer, reason: string][];
  /** What each answer of the API says. */
  failures: [answer: Answer, failure: Failure][];
  /** How often one message is posted before the provider gives up. */
  attempts?: number;
}

/** What holds for every provider that talks HTTP, whatever its SDK does. */
export function itFailsSafely({ at, secrets, refusals, failures, attempts = 1 }: Behaviour) {
  let api: HttpRecorder;

  beforeAll(async () => {
    api = await HttpRecorder.start();
  });
  afterAll(() => api.close());

  const outcome = (url = api.url): Promise<Error | undefined> =>
    at(url)
      .send(MESSAGE, new AbortController().signal)
      .then(
        () => undefined,
        (error: Error) => error,
      );

  const failure = async (url?: string): Promise<Error> => {
    const error = await outcome(url);
    if (!error) throw new Error('The message was taken.');
    return error;
  };

  it.each(refusals)('says why it is refused, and asks once: %j', async (answer, reason) => {
    api.answer(answer);

    const error = await failure();

    expect(error.message).toMatch(/^\w+ did not take the message \(.+\)$/);
    expect(error.message).toContain(reason);
    expect(error.message).toContain(String((error as SendFailedError).failure.code));
    expect(api.requests).toHaveLength(1);
  });

  it.each([...failures, [{ status: 418, body: {} }, { kind: 'unknown' }] as const])(
    'tells what the failure is about: %j',
    async (answer, expected) => {
      api.answer(answer);

      const error = await failure();

      expect(error).toBeInstanceOf(SendFailedError);
      const { code: _, ...told } = (error as SendFailedError).failure;
      expect(told).toEqual(expected);
    },
  );

  it('fails on HTTP 500', async () => {
    api.answer({ status: 500, body: { message: 'down' } });

    const error = await failure();

    expect(error.message).toContain('HTTP 500');
    expect(error).toMatchObject({ failure: { kind: 'outage' } });
    expect(api.requests).toHaveLength(attempts);
  });

  it('fails on an answer that is none of the API', async () => {
    api.answer({ status: 502, body: '<html>Bad gateway</html>' });

    expect((await failure()).message).toContain('did not take the message');
  });

  it('fails when nobody listens', async () => {
    const error = await failure(`http://127.0.0.1:${await freePort()}`);

    expect(error.message).toContain('did not take the message');
    expect(error).toMatchObject({ failure: { kind: 'outage' } });
  });

  it('ends with the signal while the API hangs', async () => {
    api.answer('hang');
    const controller = new AbortController();
    const sending = at(api.url).send(MESSAGE, controller.signal);
    const reason = new DOMException('Too late.', 'TimeoutError');
    await api.nextRequest();

    controller.abort(reason);

    await expect(sending).rejects.toBe(reason);
  });

  it('sends nothing once the signal has aborted', async () => {
    api.answer({});

    const sending = async () => at(api.url).send(MESSAGE, AbortSignal.abort());

    await expect(sending).rejects.toThrow('aborted');
    expect(api.requests).toEqual([]);
  });

  it.each([301, 302, 307, 308])('follows no redirect (%d)', async (status) => {
    const elsewhere = await HttpRecorder.start();
    api.answer({ status, headers: { location: `${elsewhere.url}/` }, body: {} });

    await failure();

    await elsewhere.close();
    expect(elsewhere.requests).toEqual([]);
    expect(api.requests).toHaveLength(1);
  });

  it('rule 16: no error holds number, code, text or secret', async () => {
    const echo = inspect(MESSAGE) + secrets.join();
    const echoes = [
      ...[...refusals, ...failures].map(([answer]) => ({
        ...answer,
        ...(typeof answer.body === 'object' && { body: withEchoes(answer.body, echo) }),
      })),
      { body: echo },
      { status: 400, body: echo },
      { status: 400, body: { code: MESSAGE.code, Code: MESSAGE.to, message: echo } },
      'reset' as const,
    ];
    for (const answer of echoes) {
      api.answer(answer);
      const error = await outcome();
      expect(leaksOf(error, [...CONFIDENTIAL, ...secrets])).toEqual([]);
    }
    const unreachable = await failure(`http://127.0.0.1:${await freePort()}`);
    expect(leaksOf(unreachable, [...CONFIDENTIAL, ...secrets])).toEqual([]);
  });
}

/** The body with an echo in every message, as the APIs like to explain themselves. */
function withEchoes(body: object, echo: string): object {
  const entries = Object.entries(body).map(([key, value]) => {
    if (/^message$/i.test(key)) return [key, `${value} ${echo}`];
    return [key, typeof value === 'object' && value ? withEchoes(value, echo) : value];
  });
  return Array.isArray(body) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

function leaksOf(error: Error | undefined, confidential: string[]): string[] {
  const shown = [
    String(error),
    error?.stack,
    JSON.stringify(error, Object.getOwnPropertyNames(error ?? {})),
    inspect(error, { depth: null, showHidden: true }),
    inspect(error?.cause, { depth: null, showHidden: true }),
  ].join('\n');
  return confidential.filter((text) => shown.includes(text));
}
