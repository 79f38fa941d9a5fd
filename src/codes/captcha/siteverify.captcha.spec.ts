import { inspect } from 'node:util';
import { type Answer, HttpRecorder } from '../../../test/support/http-recorder';
import { freePort } from '../../../test/support/servers/free-port';
import { newLimiter } from '../../../test/support/new-limiter';
import type { E164 } from '../../common/phone-number';
import { KeyRing } from '../../config/key-ring';
import { SiteverifyCaptcha } from './siteverify.captcha';

const SECRET = '0x4AAA-the-secret-key';
const ANSWER = 'the answer + its signs=&';
const ADDRESS = '2001:db8::7';
const SOLVER = { mobile: '+8613812345678' as E164, address: ADDRESS };
const UNAVAILABLE = { errorCode: 'UNAVAILABLE' };

describe('an answer that another service verifies', () => {
  let service: HttpRecorder;
  let captcha: SiteverifyCaptcha;

  beforeAll(async () => {
    service = await HttpRecorder.start();
  });
  beforeEach(() => {
    captcha = captchaWith();
  });
  afterAll(() => service.close());

  const captchaWith = (bindingKeys?: KeyRing) =>
    new SiteverifyCaptcha(`${service.url}/siteverify`, SECRET, newLimiter(), bindingKeys, 500);

  it('is right when the service says so', async () => {
    service.answer({ body: { success: true, hostname: 'app.example.com' } });

    expect(await captcha.verify(ANSWER, SOLVER, 0)).toBe(true);
  });

  it('works once, though the service would take it again, and again after an outage', async () => {
    service.answer({ status: 500, body: {} });
    await expect(captcha.verify(ANSWER, SOLVER, 0)).rejects.toMatchObject(UNAVAILABLE);
    service.answer({ body: { success: true } });

    expect(await captcha.verify(ANSWER, SOLVER, 0)).toBe(true);
    expect(await captcha.verify(ANSWER, SOLVER, 0)).toBe(false);
    expect(service.requests).toHaveLength(1);
  });

  it('is for one number, where the service gives back what the widget was given', async () => {
    const bound = captchaWith(new KeyRing('the secret'));
    const rotated = captchaWith(new KeyRing('the next secret', 'the secret'));
    const other = { ...SOLVER, mobile: '+8613812345679' as E164 };
    const binding = (await bound.challengeFor(SOLVER.mobile))!;

    expect(binding).toEqual({ action: 'code', cdata: expect.stringMatching(/^[\w-]{43}$/) });
    service.answer({ body: { success: true, ...binding } });
    expect(await bound.verify('1', SOLVER, 0)).toBe(true);
    expect(await rotated.verify('2', SOLVER, 0)).toBe(true);
    expect(await bound.verify('3', other, 0)).toBe(false);
    for (const returned of [{}, { ...binding, action: 'login' }, { ...binding, cdata: 'x' }]) {
      service.answer({ body: { success: true, ...returned } });
      expect(await bound.verify(JSON.stringify(returned), SOLVER, 0)).toBe(false);
    }
  });

  it('goes there with the secret and the address of the caller', async () => {
    service.answer({ body: { success: true } });

    await captcha.verify(ANSWER, SOLVER, 0);

    const { method, path, headers, body } = service.requests[0]!;
    expect([method, path]).toEqual(['POST', '/siteverify']);
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded\b/);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      secret: SECRET,
      response: ANSWER,
      remoteip: ADDRESS,
    });
  });

  it.each([
    ['it is wrong', refusal('invalid-input-response')],
    ['it was used or is too old', refusal('timeout-or-duplicate')],
    ['no reason is given', { body: { success: false } }],
    ['the request counts as bad', { status: 400, ...refusal('bad-request') }],
  ])('is wrong when the service says that %s', async (_reason, answer) => {
    service.answer(answer);

    expect(await captcha.verify(ANSWER, SOLVER, 0)).toBe(false);
  });

  it.each<[string, Answer | 'hang' | 'reset']>([
    ['fails', { status: 500, body: { success: false } }],
    ['is overloaded', { status: 503, body: { success: true } }],
    ['limits us', { status: 429, body: 'Slow down.' }],
    ['has an error of its own', refusal('internal-error')],
    ['refuses our secret', refusal('invalid-input-secret')],
    ['answers with a page', { body: '<html>Hello</html>' }],
    ['answers with nothing', {}],
    ['gives no verdict', { body: { hello: 'world' } }],
    ['says null', { body: 'null' }],
    ['says yes in another way', { body: { success: 'true' } }],
    ['breaks off', 'reset'],
    ['never answers', 'hang'],
    ['never ends its answer', { headers: { 'content-length': '99' }, body: '{"success": true}' }],
  ])('is neither right nor wrong when the service %s', async (_case, answer) => {
    service.answer(answer);

    await expect(captcha.verify(ANSWER, SOLVER, 0)).rejects.toMatchObject(UNAVAILABLE);
    expect(service.requests).toHaveLength(1);
  });

  it('is neither while nobody listens', async () => {
    const closed = new SiteverifyCaptcha(
      `http://127.0.0.1:${await freePort()}/`,
      SECRET,
      newLimiter(),
    );

    await expect(closed.verify(ANSWER, SOLVER, 0)).rejects.toMatchObject(UNAVAILABLE);
  });

  it('does not follow the service to another place', async () => {
    service.answer({ status: 307, headers: { location: '/elsewhere' } });

    await expect(captcha.verify(ANSWER, SOLVER, 0)).rejects.toMatchObject(UNAVAILABLE);
    expect(service.requests.map(({ path }) => path)).toEqual(['/siteverify']);
  });

  it('is in no error, nor is the secret, even when the service repeats them', async () => {
    service.answer({ body: `${SECRET} ${ANSWER}` });

    const error: unknown = await captcha.verify(ANSWER, SOLVER, 0).catch((thrown) => thrown);

    expect(error).toMatchObject(UNAVAILABLE);
    expect(inspect(error, { depth: 9 })).not.toContain(SECRET.slice(0, 5));
    expect(inspect(error, { depth: 9 })).not.toContain(ANSWER.slice(0, 5));
  });
});

function refusal(code: string): { body: object } {
  return { body: { success: false, 'error-codes': [code] } };
}
