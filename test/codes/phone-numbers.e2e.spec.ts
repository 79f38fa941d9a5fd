import { fromNewAddress } from '../support/address';
import { askForCode, otherThan, presentCode } from '../support/codes';
import { lapseCooldown, lapseLimit } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

/** `+8613812345678`, as people write it. */
function spellingsOf(mobile: string): string[] {
  const [, a, b, c] = /^\+86(\d{3})(\d{4})(\d{4})$/.exec(mobile)!;
  const arabic = mobile.replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)]!);
  return [
    `+86 (0${a}) ${b}.${c}`,
    ` \u202a+86\u00a0${a}\u2011${b}\u2011${c}\u202c\n`,
    `tel:+86-${a}-${b}-${c}`,
    `\u200f${arabic}`,
  ];
}

describe.each(MODES)('the spellings of a number (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1' } });
  });
  afterAll(() => app.close());

  it('rule 15: every spelling of a number is one account', async () => {
    const mobile = randomMobile();
    const { token } = await app.logIn(mobile);
    const me = await app.get('/users/me', { token });

    for (const spelling of spellingsOf(mobile)) {
      await lapseCooldown(app, mobile);
      await app.post('/auth/codes', { mobile: spelling }, fromNewAddress());
      const answer = await presentCode(app, spelling, app.inbox.codeFor(mobile));
      const sameMe = await app.get('/users/me', { token: answer.body.token });

      expect(sameMe.body).toMatchObject({ id: me.body.id, mobile });
    }
  });

  it('rule 15: every spelling of a number is one limit bucket for codes', async () => {
    const [mobile, address] = [randomMobile(), fromNewAddress()];
    await app.post('/auth/codes', { mobile }, address);

    const answers = await Promise.all(
      spellingsOf(mobile).map((spelling) => app.post('/auth/codes', { mobile: spelling }, address)),
    );

    expect(answers.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
  });

  it('rule 15: every spelling of a number is one limit bucket for guesses', async () => {
    const mobile = randomMobile();
    const code = await askForCode(app, mobile);

    const spellings = [mobile, ...spellingsOf(mobile)];
    for (const spelling of [...spellings, ...spellings]) {
      expect((await presentCode(app, spelling, otherThan(code))).status).toBe(400);
    }

    expect((await presentCode(app, mobile, code)).status).toBe(400);
    await lapseLimit(app, 'guesses-per-number', mobile);
    expect((await presentCode(app, mobile, code)).status).toBe(201);
  });
});

describe('numbers of the countries in SMS_COUNTRIES', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { SMS_COUNTRIES: 'CN' } });
  });
  afterAll(() => app.close());

  it('rule 15: may leave the country code out', async () => {
    const mobile = randomMobile();
    const national = mobile.slice('+86'.length);

    const answer = await app.post('/auth/codes', { mobile: national });

    expect(answer.status).toBe(202);
    const login = { mobile: national, code: app.inbox.codeFor(mobile) };
    expect((await app.post('/auth/tokens', login)).status).toBe(201);
  });

  it.each(['/auth/codes', '/auth/tokens'])('are the only ones that %s accepts', async (path) => {
    const answer = await app.post(path, {
      mobile: '+12015550123',
      ...(path === '/auth/tokens' && { code: '000000' }),
    });

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      message: 'Numbers of this country are not served.',
      errorCode: 'COUNTRY_NOT_SERVED',
    });
    expect(app.inbox.messages.filter(({ to }) => to.startsWith('+1'))).toEqual([]);
  });
});
