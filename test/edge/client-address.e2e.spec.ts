import { Logger } from '@nestjs/common';
import { randomMobile } from '../support/mobile';
import { TestApp } from '../support/test-app';

const GUESSES_PER_ADDRESS = 30;

describe('the address of a client', () => {
  let app: TestApp;

  afterEach(() => app.close());

  it.each([
    ['one client', 'false', '10.0.0.{}'],
    ['many clients', '1', '10.0.0.{}'],
    ['one client', '1', '10.0.0.{}, 10.1.0.1'],
    ['many clients', '2', '10.0.0.{}, 10.1.0.1'],
    ['many clients', '127.0.0.0/8', '10.0.0.{}'],
    ['one client', '127.0.0.0/8', '10.0.0.{}, 10.1.0.1'],
    ['one client', '10.9.9.9', '10.0.0.{}'],
    ['many clients', '1', '2001:db8:0:{}::1'],
    ['many clients', '::ffff:127.0.0.0/104', '10.0.0.{}'],
    ['one client', '1', '2001:db8::{}'],
    ['one client', '1', '10.0.0.1:10{}'],
    ['one client', '1', 'no address {}'],
  ])('tells of %s with TRUST_PROXY=%s and X-Forwarded-For: %s', async (who, trust, forwarded) => {
    app = await TestApp.start({ env: { TRUST_PROXY: trust } });

    const guessNo = async (guess: number) => {
      const headers = { 'x-forwarded-for': forwarded.replace('{}', String(guess)) };
      const body = { mobile: randomMobile(), code: '000000' };
      return (await app.post('/auth/tokens', body, { headers })).status;
    };
    const guesses = Array.from({ length: GUESSES_PER_ADDRESS }, (_, guess) => guessNo(guess));
    const checked = await Promise.all(guesses);

    const last = await guessNo(GUESSES_PER_ADDRESS);

    expect(checked).toEqual(Array(GUESSES_PER_ADDRESS).fill(400));
    expect(last).toBe(who === 'one client' ? 429 : 400);
  });

  it.each([
    ['false', 'x-forwarded-for'],
    ['10.9.9.9', 'x-forwarded-for'],
    ['false', 'forwarded'],
  ])(
    'is told to stand in TRUST_PROXY=%s, once, when a peer names it by %s',
    async (trust, name) => {
      app = await TestApp.start({ env: { TRUST_PROXY: trust } });
      const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);

      await app.get('/health/live');
      await app.get('/health/live', { headers: { [name]: 'for=10.0.0.1' } });
      await app.get('/health/live', { headers: { [name]: 'for=10.0.0.2' } });

      const told = warn.mock.calls.map(([line]) => line);
      warn.mockRestore();
      expect(told).toEqual([
        expect.stringMatching(
          new RegExp(`^Peer 127\\.0\\.0\\.1 names clients by ${name} and is not`),
        ),
      ]);
    },
  );

  it.each([
    ['takes', '127.0.0.1', 'edge-0001'],
    ['ignores', '10.9.9.9', null],
    ['ignores', 'false', null],
  ])('%s the ids of requests that a peer gives with TRUST_PROXY=%s', async (_, trust, returned) => {
    app = await TestApp.start({ env: { TRUST_PROXY: trust } });

    const headers = { 'x-request-id': 'edge-0001' };
    const answer = await app.get('/health/live', { headers });

    expect(answer.headers.get('x-request-id')).toBe(returned);
  });
});
