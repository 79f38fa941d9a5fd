import { In } from 'typeorm';
import { ErasureService } from '../../src/auth/deletion/erasure.service';
import { UserDevice } from '../../src/sessions/device.entity';
import { Session } from '../../src/sessions/session.entity';
import { MobileChange } from '../../src/users/mobile-change.entity';
import { SecurityNotice } from '../../src/users/notices/security-notice.entity';
import { User } from '../../src/users/user.entity';
import { UserProfile } from '../../src/users/user-profile.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import { cutEverywhere, type Deed, proxied, uncut } from '../support/cut-points';
import { answerTo, letLieDormant, ticketFor } from '../support/dormant-numbers';
import type { FaultProxy } from '../support/fault-proxy';
import { userIdOf } from '../support/jwt';
import { randomMobile } from '../support/mobile';
import { askForChange, changeNumber, proveChange, proveNumber } from '../support/number-changes';
import { startMariaDb } from '../support/servers/mariadb';
import type { PrivateServer } from '../support/servers/private-server';
import { describeStandard, freshDatabase, freshStores } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';
import { eventsOf } from '../support/told';

const AT_MOST_MS = 480_000;
const LIMITS = [
  'code-cooldown',
  'codes-per-number',
  'codes-per-number-and-network',
  'codes-per-address',
  'easy-codes-per-address',
  'easy-codes-per-prefix',
  'fresh-codes-per-prefix',
  'fresh-codes-per-country',
]
  .map((name) => `${name}=99999/1h`)
  .join();

describeStandard('a store that dies between two statements', () => {
  holdBackgroundJobs();
  const stores = {} as Record<'MariaDB' | 'Redis', FaultProxy>;
  let server: PrivateServer;
  let app: TestApp;
  let user: LoggedIn;
  let id: string;
  /** Of the number that is shown in what is to happen. */
  let ticket: string;
  let change: { id: string; code: string; mobile: string };

  beforeAll(async () => {
    const { REDIS_URL } = await freshStores('standard');
    // One of its own: it shuts out for a while from where many connections were cut.
    server = await startMariaDb();
    const [mariaDb, sql] = await proxied(await freshDatabase(server.url));
    const [redis, cache] = await proxied(REDIS_URL!);
    Object.assign(stores, { MariaDB: mariaDb, Redis: redis });
    const env = { DATABASE_URL: sql, REDIS_URL: cache, LIMITS };
    app = await TestApp.start({ mode: 'standard', env });
    await app.untilReady();
  });
  afterAll(async () => {
    await app.close();
    await Promise.all(Object.values(stores).map((store) => store.close()));
    await server.remove();
  });

  const newUser = async () => {
    user = await app.logIn();
    id = userIdOf(user.token);
    await app.patch('/users/me', { introduction: 'mine alone' }, user);
  };
  const state = async () => {
    const { manager } = app.sql;
    const changes = await manager.findBy(MobileChange, { userId: id });
    const account = await manager.findOneBy(User, { id });
    const kept = await manager.findBy(User, { id: In(changes.map((one) => one.id)) });
    const owner = await manager.findOneBy(User, { mobile: user.mobile as never });
    const told = await eventsOf(app, id);
    const profile = await manager.findOneBy(UserProfile, { id });
    return {
      status: account?.status,
      number: account && nameOf(account.mobile),
      kept: kept.map(({ mobile }) => nameOf(mobile)),
      /** Whose number it is that was the user's at first. */
      owner: owner && (owner.id === id ? 'the user' : owner.status),
      changes: changes.map((one) => one.state).toSorted(),
      live: (await manager.findBy(Session, { userId: id })).filter((one) => !one.endedAt).length,
      devices: await manager.countBy(UserDevice, { userId: id }),
      notices: (await manager.findBy(SecurityNotice, { userId: id })).map(({ kind }) => kind),
      events: told.map(({ type }) => type).toSorted(),
      introduction: profile?.introduction,
    };
  };
  const nameOf = (mobile: string | null) => (mobile === user.mobile ? 'of before' : typeof mobile);
  const undo = () => app.post('/auth/mobile-changes/undo', { ticket });
  const answer = (mine: boolean) => answerTo(app, { ticket, mine });

  /** Whoever got no answer shows the number once more, and does what they are asked for. */
  const asked = (act: () => Promise<unknown>) => async () => {
    const { body } = await proveNumber(app, user.mobile);
    if (!body.ticket) return;
    ticket = body.ticket;
    await act();
  };
  const prepareChange = async () => {
    await newUser();
    change = await askForChange(app, user, randomMobile());
  };
  const DEEDS: Record<string, Omit<Deed, 'state'>> = {
    'a number that moves': {
      prepare: prepareChange,
      run: () => proveChange(app, user, change.id, change.code),
      repeat: async () => {
        const { id: which, mobile } = change;
        const { state: now } = await app.sql.manager.findOneByOrFail(MobileChange, { id: which });
        if (now !== 'open') return;
        const again = await askForChange(app, user, mobile);
        await proveChange(app, user, again.id, again.code);
      },
    },
    'a change that is undone': {
      prepare: async () => {
        await newUser();
        await changeNumber(app, user);
        ticket = (await proveNumber(app, user.mobile)).body.ticket;
      },
      run: undo,
      repeat: undo,
    },
    'two numbers that contest an account': {
      prepare: async () => {
        await newUser();
        const { mobile } = await changeNumber(app, user);
        ticket = (await proveNumber(app, user.mobile)).body.ticket;
        await undo();
        ticket = (await proveNumber(app, mobile)).body.ticket;
      },
      run: undo,
      repeat: undo,
    },
    'a number whose holder says that the account is not theirs': {
      prepare: async () => {
        await newUser();
        await letLieDormant(app, user);
        ticket = await ticketFor(app, user.mobile);
      },
      run: () => answer(false),
      repeat: asked(() => answer(false)),
    },
    'an account that is inherited': {
      prepare: async () => {
        await newUser();
        await letLieDormant(app, user);
        ticket = await ticketFor(app, user.mobile);
      },
      run: () => answer(true),
      repeat: () => answer(true),
    },
    'a deletion that is asked for': {
      prepare: newUser,
      run: () => app.delete('/users/me', { token: user.token }),
      repeat: () => app.delete('/users/me', { token: user.token }),
    },
    'a user who is erased': {
      prepare: async () => {
        await newUser();
        await changeNumber(app, user);
        await app.sql.getRepository(User).update({ id }, { deletionAt: new Date(0) });
      },
      run: () => app.nest.get(ErasureService).erase(id),
      repeat: () => app.nest.get(ErasureService).erase(id),
    },
  };

  const cases = Object.entries(DEEDS).flatMap(([name, deed]) =>
    (['MariaDB', 'Redis'] as const).map((store) => [name, store, deed] as const),
  );

  it.each(cases)(
    'rule 19: %s has done so whole or not at all (%s)',
    async (_name, store, parts) => {
      const deed = { ...parts, state };
      const { before, after } = await uncut(deed);

      const left = await cutEverywhere(app, stores[store], deed);

      expect(left.map(({ cut, repeated }) => [cut, repeated])).toEqual(
        left.map(({ cut }) => [cut, after]),
      );
      const [undone, done] = [before, after].map((one) => JSON.stringify(one));
      for (const one of left) expect([undone, done]).toContain(JSON.stringify(one.state));
      if (store === 'MariaDB') expect(left.length).toBeGreaterThan(5);
    },
    AT_MOST_MS,
  );
});
