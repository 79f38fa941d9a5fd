import { type E164, maskMobile } from '../../src/common/phone-number';
import { Snowflake } from '../../src/common/snowflake';
import { Session } from '../../src/sessions/session.entity';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { User } from '../../src/users/user.entity';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

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
  const deliveriesOf = (mobile: string) =>
    app.sql.getRepository(SmsDelivery).findBy({ mobile: maskMobile(mobile as E164) }) as Promise<
      [SmsDelivery]
    >;
  const sessionOf = async (mobile: string) =>
    app.sql.getRepository(Session).findOneByOrFail({ userId: (await userOf(mobile)).id });

  const logIn = async (request: object) =>
    expect((await app.post('/auth/tokens', request)).status).toBe(201);

  it('rule 14: a message is on record also when another node took its id', async () => {
    const first = await app.requestCode();
    const [{ id: taken }] = await deliveriesOf(first.mobile);
    const next = nextIds(taken);

    const second = await app.requestCode();

    expect(next.mock.results[0]!.value).toBe(taken);
    expect(await deliveriesOf(second.mobile)).toHaveLength(1);
  });

  it('rule 14: a user id that another node took is drawn again, and the login succeeds', async () => {
    const first = await app.logIn();
    const taken = (await userOf(first.mobile)).id;
    const second = await app.requestCode();
    const next = nextIds(taken);

    await logIn(second);

    expect(next.mock.results[0]!.value).toBe(taken);
    expect((await userOf(second.mobile)).id).not.toBe(taken);
    expect((await userOf(first.mobile)).id).toBe(taken);
  });

  it('rule 14: a session id that another node took is drawn again, and the login succeeds', async () => {
    const first = await app.logIn();
    const taken = (await sessionOf(first.mobile)).id;
    const second = await app.requestCode();
    const next = nextIds('4611686018427387905', taken);

    await logIn(second);

    expect(next.mock.results[1]!.value).toBe(taken);
    expect((await sessionOf(second.mobile)).id).not.toBe(taken);
    expect((await sessionOf(first.mobile)).id).toBe(taken);
  });

  it('rule 14: two nodes on one worker id whose generators agree both log their users in', async () => {
    const requests = [await app.requestCode(), await app.requestCode()];
    const next = jest.spyOn(app.nest.get(Snowflake), 'next');
    const draws: string[][] = [];
    for (const request of requests) {
      const node = new Snowflake(1, () => 1);
      const drawn: string[] = [];
      draws.push(drawn);
      next.mockImplementation(() => (drawn.push(node.next()), drawn.at(-1)!));
      await logIn(request);
    }

    const [one, other] = await Promise.all(requests.map(({ mobile }) => userOf(mobile)));
    expect(draws[1]!.slice(0, draws[0]!.length)).toEqual(draws[0]);
    expect(draws[0]).toContain(one!.id);
    expect(other!.id).not.toBe(one!.id);
  });
});
