import { Snowflake } from '../src/common/snowflake';
import { Session } from '../src/sessions/session.entity';
import { User } from '../src/users/user.entity';
import { randomMobile } from './support/mobile';
import { MODES } from './support/stores';
import { TestApp } from './support/test-app';

describe.each(MODES)('ids that two nodes give (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
  });
  afterAll(() => app.close());
  afterEach(() => jest.restoreAllMocks());

  /** What the generator of this node gives next, before it goes on as usual. */
  const nextIds = (...ids: string[]) => {
    const next = jest.spyOn(app.nest.get(Snowflake), 'next');
    for (const id of ids) next.mockReturnValueOnce(id);
    return next;
  };
  const userOf = async (mobile: string) =>
    app.sql.getRepository(User).findOneByOrFail({ mobile: mobile as never });
  const sessionOf = async (mobile: string) =>
    app.sql.getRepository(Session).findOneByOrFail({ userId: (await userOf(mobile)).id });

  it('rule 14: a user id that another node took is drawn again, and the login succeeds', async () => {
    const first = await app.logIn();
    const taken = (await userOf(first.mobile)).id;
    const next = nextIds(taken);

    const second = await app.logIn();

    expect(next.mock.results[0]!.value).toBe(taken);
    expect((await userOf(second.mobile)).id).not.toBe(taken);
    expect((await userOf(first.mobile)).id).toBe(taken);
  });

  it('rule 14: a session id that another node took is drawn again, and the login succeeds', async () => {
    const first = await app.logIn();
    const taken = (await sessionOf(first.mobile)).id;
    const mobile = randomMobile();
    const next = nextIds('4611686018427387905', taken);

    await app.logIn(mobile);

    expect(next.mock.results[1]!.value).toBe(taken);
    expect((await sessionOf(mobile)).id).not.toBe(taken);
    expect((await sessionOf(first.mobile)).id).toBe(taken);
  });

  it('rule 14: two nodes on one worker id whose generators agree both log their users in', async () => {
    const [one, other] = [new Snowflake(1, () => 1), new Snowflake(1, () => 1)];
    const draws = Array.from({ length: 4 }, () => one.next());
    nextIds(...draws.slice(0, 2), other.next(), other.next());

    const logins = [await app.logIn(), await app.logIn()];

    const users = await Promise.all(logins.map(({ mobile }) => userOf(mobile)));
    expect(users[0]!.id).toBe(draws[0]);
    expect(users[1]!.id).not.toBe(draws[0]);
  });
});
