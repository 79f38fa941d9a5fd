import { Logger } from '@nestjs/common';
import { decodeJwt } from '../support/jwt';
import { lapseLimit } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const MOBILE = '+8613800000000';
const EXPIRED = '+8613800000001';
const CODE = '271828';
const TEST_NUMBERS = `${MOBILE}:${CODE}@2999-01-01,${EXPIRED}:${CODE}@2020-01-01`;

describe.each(MODES)('a test number (%s)', (mode) => {
  let app: TestApp;
  let warn: jest.SpyInstance;

  beforeAll(async () => {
    warn = jest.spyOn(Logger.prototype, 'warn');
    app = await TestApp.start({ mode, env: { TEST_NUMBERS, LIMITS: 'codes-per-address=3/1h' } });
  });
  afterAll(() => app.close());

  const logIn = (mobile: string, code: string) => app.post('/auth/tokens', { mobile, code });

  it('is asked for codes as often as one likes, and gets no message', async () => {
    const answers = [];
    for (let count = 0; count < 40; count++) {
      answers.push(await app.post('/auth/codes', { mobile: '138 0000 0000'.padStart(17, '+86 ') }));
    }

    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(202));
    expect(answers.at(-1)!.body).toMatchObject({ expires_in: 300, resend_in: 0 });
    expect(app.inbox.attempts).toBe(0);
  });

  it('logs in with its code again and again, without any role', async () => {
    const answers = [await logIn(MOBILE, CODE), await logIn(MOBILE, CODE)];

    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const { token } = answers[1]!.body;
    expect((await app.get('/users/me', { token })).body.mobile).toBe(MOBILE);
    expect(decodeJwt(token).claims).not.toHaveProperty('roles');
  });

  it('rule 7: has its wrong guesses counted like any other', async () => {
    const statuses = [];
    await app.post('/auth/codes', { mobile: MOBILE });
    for (let count = 0; count < 5; count++) statuses.push((await logIn(MOBILE, '000000')).status);
    statuses.push((await logIn(MOBILE, CODE)).status);

    expect(statuses).toEqual(Array(6).fill(400));
    await lapseLimit(app, 'guesses-per-number', MOBILE);
    expect((await logIn(MOBILE, CODE)).status).toBe(201);
  });

  it('rule 21: gives no network back what its messages to others have counted', async () => {
    const statuses = [];
    for (let count = 0; count < 4; count++) {
      statuses.push((await app.post('/auth/codes', { mobile: randomMobile() })).status);
      expect((await logIn(MOBILE, CODE)).status).toBe(201);
    }

    expect(statuses).toEqual([202, 202, 202, 429]);
  });

  it('is refused after its date', async () => {
    const answers = [
      await app.post('/auth/codes', { mobile: EXPIRED }),
      await logIn(EXPIRED, CODE),
    ];

    for (const answer of answers) {
      expectRefusal(answer, 'VALIDATION_FAILED');
      expect(answer.body.message).toEqual(['mobile is a test number whose time is over']);
    }
  });

  it('is named in the log at the start, masked', () => {
    const lines = warn.mock.calls.map(([text]) => String(text));

    expect(lines).toContain(
      'Test number +86138****0000 logs in with a fixed code until 2999-01-01',
    );
    expect(lines).toContain('Test number +86138****0001 expired on 2020-01-01');
    expect(lines.filter((line) => line.includes(MOBILE))).toEqual([]);
  });
});
