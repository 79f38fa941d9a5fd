import { Controller, Get, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../src/auth/public.decorator';
import { TokenService } from '../../src/auth/token.service';
import { CurrentUser, type Principal } from '../../src/contract/current-user.decorator';
import { passTime } from '../support/clock';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { mutantsOf } from '../support/mutants';
import { pipelined } from '../support/pipelined';
import { type LoggedIn, TestApp } from '../support/test-app';

const MINUTE = 60_000;
/** How many mutants go over the socket, besides all that are cut off or differ in one character. */
const SAMPLE = 500;

@Controller('order')
class OrderController {
  @Get()
  order() {
    return 'order';
  }

  @Get('visits')
  visits(@CurrentUser() user: Principal & { visits?: number }) {
    return { visits: Object.assign(user, { visits: (user.visits ?? 0) + 1 }).visits };
  }

  @Public()
  @Get('menu')
  menu(@CurrentUser() user: Principal | undefined, @Req() request: FastifyRequest) {
    return { seen: [user ?? null, request.user ?? null] };
  }
}

describe('a token that has opened a route before', () => {
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({ controllers: [OrderController] });
  });
  beforeEach(async () => {
    user = await app.logIn();
    expect(await statusOf(user.token)).toBe(200);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const statusOf = async (token: string) => (await app.get('/order', { token })).status;
  const statusesOf = (authorizations: string[]) => pipelined(app.baseUrl, '/order', authorizations);

  /** The `Authorization` headers that open the route, each sent between two genuine ones, which must do so. */
  async function opening(authorizations: string[]): Promise<string[]> {
    const genuine = `Bearer ${user.token}`;
    const statuses = await statusesOf(authorizations.flatMap((one) => [genuine, one]));
    const [own, others] = [0, 1].map((turn) => statuses.filter((_, at) => at % 2 === turn));
    expect(own).toEqual(Array(authorizations.length).fill(200));
    expect(others).toHaveLength(authorizations.length);
    expect(others!.filter((status) => ![200, 401].includes(status))).toEqual([]);
    return authorizations.filter((_, at) => others![at] === 200);
  }

  it('rule 3: opens none when it is cut off anywhere', async () => {
    const { token } = user;
    const lengths = [...Array(token.length).keys()];
    const cut = lengths.flatMap((length) => [token.slice(0, length), token.slice(length + 1)]);

    expect(await opening(cut.map((one) => `Bearer ${one}`))).toEqual([]);
  });

  it('rule 3: opens none when any one character is another one', async () => {
    const { token } = user;
    const altered = [...token].flatMap((own, at) =>
      [...'A9-'].filter((other) => other !== own).map((other) => replaced(token, at, other)),
    );

    expect(altered.length).toBeGreaterThan(2 * token.length);
    expect(await opening(altered.map((one) => `Bearer ${one}`))).toEqual([]);
  });

  it('rule 3: opens none with its parts in another order, padded, doubled or otherwise changed', async () => {
    const mutants = [...mutantsOf(user.token)].filter(isSendable);
    const step = mutants.length / SAMPLE;
    const some = Array.from({ length: SAMPLE }, (_, index) => mutants[Math.floor(index * step)]!);

    expect(await opening(some.map((one) => `Bearer ${one}`))).toEqual([]);
  });

  it('rule 3: opens none in any header but that of RFC 6750', async () => {
    const { token } = user;
    const headers = [
      token,
      `Basic ${token}`,
      `BearerX ${token}`,
      `Bearer${token}`,
      `Bearer\t${token}`,
      `Bearer=${token}`,
      `Bearer ${token} x`,
      `Bearer ${token},`,
      `Bearer ${token}, Bearer ${token}`,
      `Bearer Bearer ${token}`,
      `Bearer "${token}"`,
      `Bearer ${token}=`,
      `Bearer ${token}\u00a0`,
    ];

    expect(await opening(headers)).toEqual([]);
  });

  it('rule 10: opens none in any spelling once its session has ended', async () => {
    const spellings = [`bearer ${user.token}`, `Bearer  ${user.token}`, `BEARER    ${user.token}`];
    expect(await opening(spellings)).toEqual(spellings);

    await app.delete('/auth/tokens', { token: user.token });

    const all = [...spellings, `Bearer ${user.token}`];
    expect(await statusesOf([...all, ...all])).toEqual(Array(8).fill(401));
  });

  it('opens routes until its time is over, and none later', async () => {
    passTime(119 * MINUTE);
    expect(await statusOf(user.token)).toBe(200);

    passTime(2 * MINUTE);

    expect(await statusOf(user.token)).toBe(401);
  });

  it('opens none beyond the end of its session, which comes before that of ACCESS_TOKEN_TTL', async () => {
    const session = {
      id: sessionIdOf(user.token),
      userId: userIdOf(user.token),
      expiresAt: new Date(Date.now() + 10 * MINUTE),
    };
    const token = app.nest.get(TokenService).signAccess(session);
    expect(await statusOf(token)).toBe(200);

    passTime(11 * MINUTE);

    expect([await statusOf(token), await statusOf(user.token)]).toEqual([401, 200]);
  });

  it('tells a public route nothing of its owner', async () => {
    const { body } = await app.get('/order/menu', { token: user.token });

    expect(body).toEqual({ seen: [null, null] });
  });

  it('brings nothing along that an earlier request left with its user', async () => {
    const visits = [1, 2, 3].map(() => app.get('/order/visits', { token: user.token }));

    const answers = await Promise.all(visits);

    expect(answers.map(({ body }) => body.visits)).toEqual([1, 1, 1]);
  });

  it('rule 1: is no refresh token, which opens none however often it is sent', async () => {
    const answers = [];
    for (let count = 0; count < 5; count++) {
      answers.push(await app.get('/order', { token: user.refresh_token }));
    }

    const refusals = answers.map(({ status, body }) => `${status} ${body.errorCode}`);
    expect(refusals).toEqual(Array(5).fill('403 REFRESH_TOKEN_NOT_ALLOWED'));
  });
});

const replaced = (text: string, at: number, character: string) =>
  text.slice(0, at) + character + text.slice(at + 1);

/** What a client can send in a header, and what is not trimmed on its way. */
const isSendable = (mutant: string) => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(mutant);
