import type { E164 } from '../../src/common/phone-number';
import { Clock } from '../../src/common/clock';
import { Snowflake } from '../../src/common/snowflake';
import { NumberTiesService } from '../../src/users/number-ties.service';
import { User } from '../../src/users/user.entity';
import { passTime } from '../support/clock';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOME = '127.0.0.0/24';
const LIMITS = 'code-cooldown=99/1m,codes-per-address=999/1h';

describe.each(MODES)('a known number (%s)', (mode) => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start({
      mode,
      env: { KNOWN_AFTER: '3d', LIMITS, RECYCLED_NUMBERS: 'off' },
    });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.close();
  });

  /** Whether it is known: to who shows no device, and to who does. */
  const known = async (mobile: string, network = HOME) => {
    const ties = app.nest.get(NumberTiesService);
    const [without, on] = await Promise.all(
      [false, true].map((showsDevice) => ties.tieOf(mobile as E164, network, showsDevice)),
    );
    return [without!.isKnown, on!.isKnown];
  };
  const users = () => app.sql.getRepository(User);
  const addOldUsers = async (count: number) => {
    const ids = new Snowflake(1023);
    const at = new Date(Date.now() - 30 * DAY);
    const times = { lastLogin: at, verifiedAt: at, createdAt: at, updatedAt: at };
    const old = Array.from({ length: count }, (_, index) => ({
      id: ids.next(),
      mobile: `+86139${String(index).padStart(8, '0')}` as E164,
      name: 'Li Wei',
      status: 'active' as const,
      ...times,
    }));
    await users().insert(old);
  };

  it('is one that was proved an hour ago, while there are few users', async () => {
    const { mobile } = await app.logIn();

    expect(await known(mobile)).toEqual([false, false]);
    passTime(HOUR);
    expect(await known(mobile)).toEqual([true, true]);
  });

  it('is one that was proved three days ago and shows its device, or on two days', async () => {
    await addOldUsers(1000);
    const [once, twice] = [await app.logIn(), await app.logIn()];
    passTime(HOUR);
    await app.logIn(twice.mobile);
    expect(await known(twice.mobile)).toEqual([false, false]);

    passTime(DAY);
    await app.logIn(twice.mobile);
    expect(await known(twice.mobile)).toEqual([true, true]);
    expect(await known(once.mobile)).toEqual([false, false]);

    passTime(2 * DAY);
    expect(await known(once.mobile)).toEqual([false, true]);
  });

  it('is none after 90 days, and begins anew', async () => {
    await addOldUsers(1000);
    const { mobile } = await app.logIn();
    passTime(DAY);
    await app.logIn(mobile);
    expect(await known(mobile)).toEqual([true, true]);

    passTime(90 * DAY);
    expect(await known(mobile)).toEqual([false, false]);
    await app.logIn(mobile);
    expect(await known(mobile)).toEqual([false, false]);
    passTime(DAY);
    await app.logIn(mobile);
    expect(await known(mobile)).toEqual([true, true]);
  });

  it('of a user from before is proved since that user is there', async () => {
    await addOldUsers(1000);
    const { mobile } = await app.logIn(randomMobile());
    const now = new Clock().now();
    const of = { mobile: mobile as E164 };
    await users().update(of, { firstVerifiedAt: null, createdAt: new Date(now - 2 * DAY) });

    expect(await known(mobile)).toEqual([true, true]);
    await app.logIn(mobile);
    const { firstVerifiedAt, createdAt } = await users().findOneByOrFail(of);
    expect(firstVerifiedAt).toEqual(createdAt);
  });
});
