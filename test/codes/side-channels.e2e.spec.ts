import type { E164 } from '../../src/common/phone-number';
import { User } from '../../src/users/user.entity';
import { fromNewAddress } from '../support/address';
import { askForCode, presentCode } from '../support/codes';
import { randomCredentials, registerWithPassword } from '../support/credentials';
import { lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { rawRequest } from '../support/raw-request';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const argon2 = require('@node-rs/argon2') as typeof import('@node-rs/argon2');

const WRONG = 'a password that is wrong';

describe.each(MODES)('what answers tell about others (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1' } });
  });
  afterAll(() => app.close());

  const update = (mobile: string, changes: Partial<User>) =>
    app.sql.getRepository(User).update({ mobile: mobile as E164 }, changes);

  /** Somebody who has logged in, and may ask for the next code. */
  const register = async (changes: Partial<User> = {}) => {
    const mobile = randomMobile();
    await presentCode(app, mobile, await askForCode(app, mobile));
    await lapseCooldown(app, mobile);
    if (Object.keys(changes).length > 0) await update(mobile, changes);
    return mobile;
  };

  it('asking for a code is answered alike for unknown, known and disabled numbers', async () => {
    const mobiles = [
      randomMobile(),
      await register(),
      await register({ status: 'disabled' }),
      await register({ verifiedAt: new Date(0) }),
    ];
    const before = app.inbox.messages.length;

    const addresses = new Map(mobiles.map((mobile) => [mobile, newAddress()]));
    const ask = (mobile: string) => post(app, '/auth/codes', { mobile }, addresses.get(mobile));
    const answers = await inTurn(mobiles, ask);
    const refusals = await inTurn(mobiles, ask);

    expect(answers).toEqual(mobiles.map(() => answers[0]));
    expect(answers[0]!.body).toMatchObject({ expires_in: 300, resend_in: 60 });
    expect(refusals).toEqual(mobiles.map(() => refusals[0]));
    expect(refusals[0]!.status).toBe(429);
    expect(app.inbox.messages.slice(before).map(({ to }) => to)).toEqual(mobiles);
  });

  it('a wrong code is answered alike for unknown, known and disabled numbers, with and without a challenge', async () => {
    const mobiles = [
      randomMobile(),
      await register(),
      await register({ status: 'disabled' }),
      await askedFor(app),
    ];

    const answers = await inTurn(mobiles, (mobile) =>
      post(app, '/auth/tokens', { mobile, code: wrongCode(app, mobile) }),
    );

    expect(answers).toEqual(mobiles.map(() => answers[0]));
    expect(answers[0]!.body).toMatchObject({ errorCode: 'INVALID_CODE' });
  });

  it('a failed login is answered alike, after the same work, whatever failed', async () => {
    const [known, disabled, withoutPassword] = [
      await registerWithPassword(app),
      await registerWithPassword(app),
      await registerWithPassword(app),
    ];
    await update(disabled.mobile, { status: 'disabled' });
    await update(withoutPassword.mobile, { passwordHash: null });
    const owners = [{ credentials: randomCredentials() }, known, disabled, withoutPassword];
    const [verified, hashed] = [jest.spyOn(argon2, 'verify'), jest.spyOn(argon2, 'hash')];

    const answers = await inTurn(owners, ({ credentials }) =>
      post(app, '/auth/login', { ...credentials, password: WRONG }),
    );

    expect(answers).toEqual(owners.map(() => answers[0]));
    expect(answers[0]!.body).toMatchObject({ errorCode: 'INVALID_CREDENTIALS' });
    const parameters = verified.mock.calls.map(([phc]) => String(phc).split('$', 4).join('$'));
    expect(parameters).toEqual(owners.map(() => '$argon2id$v=19$m=19456,t=2,p=1'));
    expect(hashed).not.toHaveBeenCalled();
    jest.restoreAllMocks();
  });
});

/** Somebody who waits for a code to arrive. */
async function askedFor(app: TestApp): Promise<string> {
  const mobile = randomMobile();
  await askForCode(app, mobile);
  return mobile;
}

function wrongCode(app: TestApp, mobile: string): string {
  const sent = app.inbox.messages.findLast(({ to }) => to === mobile)?.code;
  return sent === '000000' ? '000001' : '000000';
}

const newAddress = () => fromNewAddress().headers['x-forwarded-for']!;

/** One after the other, so that no work is shared. */
async function inTurn<T, R>(items: T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const outcomes: R[] = [];
  for (const item of items) outcomes.push(await act(item));
  return outcomes;
}

/** The answer as it comes over the socket, headers in their order, without what differs every time. */
async function post(app: TestApp, path: string, fields: object, address = newAddress()) {
  const content = JSON.stringify(fields);
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: tandem',
    'connection: close',
    'content-type: application/json',
    `content-length: ${content.length}`,
    `x-forwarded-for: ${address}`,
  ];
  const {
    status,
    head: headers,
    body,
  } = await rawRequest(app.baseUrl, `${head.join('\r\n')}\r\n\r\n${content}`);
  const { request_id: _, challenge: _challenge, message, ...rest } = body;
  return {
    status,
    head: headers.replace(/^date: .*$/m, 'date').replace(/^retry-after: \d\d$/m, 'retry-after'),
    body: { ...rest, message: message?.replace(/ \d\d s/, ' … s') },
  };
}
