import { fromNewAddress } from '../support/address';
import { askAgain, askForCode, otherThan, presentCode } from '../support/codes';
import { lapseCode, lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const CODE_TTL = 300;
const INVALID_CODE = {
  statusCode: 400,
  message: 'Invalid code.',
  error: 'Bad Request',
  errorCode: 'INVALID_CODE',
};

describe.each(MODES)('codes (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1' } });
  });
  afterAll(() => app.close());

  it('says how long the code lives and when another may be asked for', async () => {
    const answer = await app.post('/auth/codes', { mobile: randomMobile() });

    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      expires_in: CODE_TTL,
      resend_in: 60,
      challenge: expect.stringMatching(/^[\w.-]{60,128}$/),
    });
  });

  it('rule 5: every message of a living challenge carries the same code', async () => {
    const mobile = randomMobile();

    const codes = [
      await askForCode(app, mobile),
      await askAgain(app, mobile),
      await askAgain(app, mobile),
    ];

    expect(codes[0]).toMatch(/^[0-9]{6}$/);
    expect(new Set(codes).size).toBe(1);
    expect((await presentCode(app, mobile, codes[0]!)).status).toBe(201);
  });

  it('rule 5: asking again does not prolong the life of a code', async () => {
    const mobile = randomMobile();
    await askForCode(app, mobile);
    await lapseCode(app, mobile, 200);
    await lapseCooldown(app, mobile);

    const answer = await app.post('/auth/codes', { mobile });

    expect([99, 100]).toContain(answer.body.expires_in);
    expect(app.inbox.messages.at(-1)!.text).toContain('1分钟内有效');
  });

  it('rule 5: a code lives as long as CODE_TTL and no longer', async () => {
    const [mobile, late] = [randomMobile(), randomMobile()];
    const [code, lateCode] = [await askForCode(app, mobile), await askForCode(app, late)];

    await lapseCode(app, mobile, CODE_TTL - 10);
    await lapseCode(app, late, CODE_TTL);

    expect((await presentCode(app, mobile, code)).status).toBe(201);
    expect((await presentCode(app, late, lateCode)).body).toMatchObject(INVALID_CODE);
  });

  it('rule 5: a code that has expired is followed by another one', async () => {
    const mobile = randomMobile();
    const old = await askForCode(app, mobile);
    await lapseCode(app, mobile, CODE_TTL);

    const fresh = await askAgain(app, mobile);

    expect((await presentCode(app, mobile, old)).body).toMatchObject(INVALID_CODE);
    expect((await presentCode(app, mobile, fresh)).status).toBe(201);
  });

  it('rule 5: a code in its last minute is followed by another one, and works until its end', async () => {
    const mobile = randomMobile();
    const old = await askForCode(app, mobile);
    await lapseCode(app, mobile, 296);
    await lapseCooldown(app, mobile);

    const { body } = await app.post('/auth/codes', { mobile }, fromNewAddress());

    const { code: fresh, text } = app.inbox.messages.at(-1)!;
    expect(fresh).not.toBe(old);
    expect(body.expires_in).toBe(CODE_TTL);
    expect(text).toContain('5分钟内有效');
    expect((await presentCode(app, mobile, old)).status).toBe(201);
    expect((await presentCode(app, mobile, fresh)).status).toBe(201);
  });

  it('rule 5: a code belongs to one number', async () => {
    const [mobile, other, third] = [randomMobile(), randomMobile(), randomMobile()];
    const code = await askForCode(app, mobile);
    await askForCode(app, other);

    expect((await presentCode(app, other, code)).body).toMatchObject(INVALID_CODE);
    expect((await presentCode(app, third, code)).body).toMatchObject(INVALID_CODE);
    expect((await presentCode(app, mobile, code)).status).toBe(201);
  });

  it('answers alike for a wrong, an expired, a used and a never sent code', async () => {
    const [wrong, expired, used] = [randomMobile(), randomMobile(), randomMobile()];
    const [wrongCode, expiredCode, usedCode] = [
      await askForCode(app, wrong),
      await askForCode(app, expired),
      await askForCode(app, used),
    ];
    await lapseCode(app, expired, CODE_TTL);
    await presentCode(app, used, usedCode);

    const answers = await Promise.all([
      presentCode(app, wrong, otherThan(wrongCode)),
      presentCode(app, expired, expiredCode),
      presentCode(app, used, usedCode),
      presentCode(app, randomMobile(), '000000'),
    ]);

    const bodies = answers.map(({ body }) => ({ ...body, request_id: undefined }));
    expect(bodies).toEqual([INVALID_CODE, INVALID_CODE, INVALID_CODE, INVALID_CODE]);
  });

  it('100 parallel requests of an address for a number send one message', async () => {
    const [mobile, address] = [randomMobile(), fromNewAddress()];

    const answers = await Promise.all(
      Array.from({ length: 100 }, () => app.post('/auth/codes', { mobile }, address)),
    );

    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(99);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(app.inbox.messages.filter(({ to }) => to === mobile)).toHaveLength(1);
  });
});
