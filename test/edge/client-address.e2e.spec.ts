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
});
