import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { askAgain, askForCode, otherThan, presentCode } from '../support/codes';
import { lapseCode, lapseCooldown, lapseLimit } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

/** Wrong codes: of all strangers together, of one request, of one device, of one address at one number. */
const [STRANGERS, REQUEST, DEVICE, ADDRESS] = [5, 3, 3, 15];

/** A request for a code that was granted, and how its owner presents codes. */
interface Request {
  readonly mobile: string;
  readonly code: string;
  readonly challenge: string;
  readonly from: ReturnType<typeof fromNewAddress>;
}

/** Presents codes that are wrong, and all answered so. */
async function guess(times: number, present: (code: string) => Promise<Answer>, code: string) {
  const codes = Array.from({ length: times }, (_, index) => otherThan(code, index + 1));
  const statuses: number[] = [];
  for (const wrong of codes) statuses.push((await present(wrong)).status);
  expect(statuses).toEqual(codes.map(() => 400));
}

describe.each(MODES)('guessing codes (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1' } });
  });
  afterAll(() => app.close());

  const ask = async (mobile = randomMobile(), from = fromNewAddress()): Promise<Request> => {
    const { body } = await app.post('/auth/codes', { mobile }, from);
    return { mobile, code: app.inbox.codeFor(mobile), challenge: body.challenge, from };
  };
  const withHandle = ({ mobile, challenge }: Request, code: string) =>
    app.post('/auth/tokens', { mobile, code, challenge }, fromNewAddress());
  const fromWhereAsked = ({ mobile, from }: Request, code: string) =>
    app.post('/auth/tokens', { mobile, code }, from);
  const asStranger = ({ mobile }: Request, code: string) => presentCode(app, mobile, code);

  const guessAsStranger = (request: Request, times: number) =>
    guess(times, (code) => asStranger(request, code), request.code);

  it('rule 7: strangers share five wrong codes a day, across resends, new codes and addresses', async () => {
    const first = await ask();
    await guessAsStranger(first, 2);
    const resent = await ask(first.mobile);
    await guessAsStranger(resent, 2);
    await lapseCode(app, first.mobile, 300);
    const fresh = await ask(first.mobile);
    await guessAsStranger(fresh, 1);

    const stranger = await asStranger(fresh, fresh.code);

    expect([stranger.status, stranger.body.errorCode]).toEqual([400, 'INVALID_CODE']);
    expect((await withHandle(fresh, fresh.code)).status).toBe(201);
  });

  it('rule 7: no stranger uses up what the one who asked may get wrong', async () => {
    const [one, other] = [await ask(), await ask()];
    await Promise.all([guessAsStranger(one, 2 * STRANGERS), guessAsStranger(other, 2 * STRANGERS)]);

    expect((await withHandle(one, one.code)).status).toBe(201);
    expect((await fromWhereAsked(other, other.code)).status).toBe(201);
  });

  it.each([
    ['by its handle', withHandle],
    ['by its address', fromWhereAsked],
  ])('rule 7: a request may get three codes wrong, known %s', async (_, present) => {
    const request = await ask();
    await guess(REQUEST, (code) => present(request, code), request.code);

    expect((await present(request, request.code)).status).toBe(400);
    expect((await asStranger(request, request.code)).status).toBe(201);
  });

  it('rule 7: two requests count apart', async () => {
    const first = await ask();
    const second = await ask(first.mobile);
    await guess(REQUEST, (code) => withHandle(first, code), first.code);

    expect((await withHandle(second, second.code)).status).toBe(201);
  });

  it.each<[string, (own: Request) => Promise<string> | string]>([
    ['of another number', async () => (await ask()).challenge],
    ['that was tampered with', ({ challenge }) => challenge.replace(/.$/, flipped)],
    [
      'that lives longer',
      ({ challenge }) => challenge.replace(/\.(\d+)\./, (_, s) => `.${+s + 9}.`),
    ],
    ['that is garbage', () => 'garbage'],
    ['that is empty', () => ''],
  ])('rule 7: a handle %s counts as none', async (_, forge) => {
    const request = await ask();
    await guessAsStranger(request, STRANGERS);

    const answer = await withHandle({ ...request, challenge: await forge(request) }, request.code);

    expect(answer.status).toBe(400);
    expect((await withHandle(request, request.code)).status).toBe(201);
  });

  it('rule 7: guesses while no code is under way cost the number nothing', async () => {
    const mobile = randomMobile();
    for (let count = 0; count < 2 * STRANGERS; count++) await presentCode(app, mobile, '000000');

    expect((await presentCode(app, mobile, await askForCode(app, mobile))).status).toBe(201);
  });

  it('rule 7: an address is refused after fifteen at one number, whether a code is under way or not', async () => {
    const [waiting, nobody] = [await ask(), { mobile: randomMobile(), code: '000000' }];

    const refusals = [];
    for (const { mobile, code } of [waiting, nobody]) {
      const from = fromNewAddress();
      const present = (wrong: string) => app.post('/auth/tokens', { mobile, code: wrong }, from);
      await guess(ADDRESS, present, code);
      const { status, body } = await present(otherThan(code, ADDRESS + 1));
      refusals.push([status, body.limit, body.message.replace(/\d+ s/, '… s')]);
    }

    expect(refusals[0]).toEqual([
      429,
      'number',
      'Too many wrong codes for this number. Try again in … s.',
    ]);
    expect(refusals[1]).toEqual(refusals[0]);
  });

  it('rule 7: of 100 parallel wrong guesses of strangers five are judged', async () => {
    const request = await ask();
    const codes = Array.from({ length: 100 }, (_, offset) => otherThan(request.code, offset + 1));

    const answers = await Promise.all(codes.map((code) => asStranger(request, code)));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
    expect((await asStranger(request, request.code)).status).toBe(400);
    await lapseLimit(app, 'guesses-per-number', request.mobile);
    expect((await asStranger(request, request.code)).status).toBe(201);
  });

  it('does not count a right code that is pressed twice', async () => {
    const mobile = randomMobile();
    const statuses: string[] = [];

    for (let login = 0; login <= STRANGERS; login++) {
      await lapseLimit(app, 'codes-per-number', mobile);
      const code = await askAgain(app, mobile);
      const taps = [presentCode(app, mobile, code), presentCode(app, mobile, code)];
      const answers = (await Promise.all(taps)).map(({ status }) => String(status));
      statuses.push(answers.toSorted().join());
    }

    expect(statuses).toEqual(Array(STRANGERS + 1).fill('201,400'));
  });

  it('does not count right codes', async () => {
    const mobile = randomMobile();
    const statuses: number[] = [];

    for (let login = 0; login <= STRANGERS; login++) {
      await lapseLimit(app, 'codes-per-number', mobile);
      statuses.push((await presentCode(app, mobile, await askAgain(app, mobile))).status);
    }

    expect(statuses).toEqual(Array(STRANGERS + 1).fill(201));
  });

  describe('behind an address that others have used up', () => {
    it('rule 7: device, handle and the request itself stand outside', async () => {
      const from = fromNewAddress();
      const owner = await app.logIn();
      const [byHandle, byAddress] = [await ask(), await ask(randomMobile(), from)];
      const spend = Array.from({ length: 30 }, () =>
        app.post('/auth/tokens', { mobile: randomMobile(), code: '000000' }, from),
      );
      await Promise.all(spend);
      await lapseCooldown(app, owner.mobile);

      const { mobile, device_token } = owner as typeof owner & { device_token: string };
      const asked = await app.post('/auth/codes', { mobile, device_token }, from);
      const code = app.inbox.codeFor(mobile);
      const answers = [
        await app.post('/auth/tokens', { mobile: randomMobile(), code: '000000' }, from),
        await app.post('/auth/tokens', { mobile, code, device_token }, from),
        await app.post('/auth/tokens', { ...body(byHandle), challenge: byHandle.challenge }, from),
        await app.post('/auth/tokens', body(byAddress), from),
      ];

      expect([asked, ...answers].map(({ status }) => status)).toEqual([202, 429, 201, 201, 201]);
    });
  });

  describe('at a number whose owner has logged in before', () => {
    let mobile: string;
    let deviceToken: string;

    const askOnDevice = (device_token = deviceToken, spelling = mobile) =>
      app.post('/auth/codes', { mobile: spelling, device_token }, fromNewAddress());
    const present = (code: string, device_token = deviceToken, spelling = mobile) =>
      app.post('/auth/tokens', { mobile: spelling, code, device_token }, fromNewAddress());

    beforeEach(async () => {
      mobile = randomMobile();
      const login = await presentCode(app, mobile, await askForCode(app, mobile));
      deviceToken = login.body.device_token;
    });

    it('rule 7: guesses of strangers do not lock out the device of the owner', async () => {
      await guessAsStranger(await ask(mobile), 2 * STRANGERS);

      expect((await askOnDevice()).status).toBe(202);
      expect((await present(app.inbox.codeFor(mobile))).status).toBe(201);
    });

    it('rule 15: the device is the same for every spelling of the number', async () => {
      const spelling = mobile.replace(/^\+86(...)(....)/, '+86 $1-$2-');
      await guessAsStranger(await ask(mobile), STRANGERS);

      const asked = await askOnDevice(deviceToken, spelling);
      const answer = await present(app.inbox.codeFor(mobile), deviceToken, spelling);

      expect([asked.status, answer.status]).toEqual([202, 201]);
    });

    it('rule 7: a device may get three codes wrong a day, and costs others nothing', async () => {
      const login = await presentCode(app, mobile, await askForCode(app, mobile));
      const { code } = await ask(mobile);
      await guess(DEVICE, (wrong) => present(wrong), code);

      expect((await present(code)).status).toBe(400);
      expect((await present(code, login.body.device_token)).status).toBe(201);
    });

    it.each<[string, () => Promise<string>]>([
      [
        'of another number',
        async () => {
          const other = randomMobile();
          const login = await presentCode(app, other, await askForCode(app, other));
          return login.body.device_token;
        },
      ],
      ['that was tampered with', async () => deviceToken.replace(/^./, flipped)],
      ['that is garbage', async () => 'garbage'],
    ])('rule 7: a device token %s counts as a stranger', async (_what, obtain) => {
      const token = await obtain();
      const request = await ask(mobile);
      await guessAsStranger(request, STRANGERS);

      expect((await present(request.code, token)).status).toBe(400);
      expect((await present(request.code)).status).toBe(201);
    });
  });
});

const flipped = (character: string) => (character === 'A' ? 'B' : 'A');

const body = ({ mobile, code }: Request) => ({ mobile, code });
