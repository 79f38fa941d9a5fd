import { Injectable, Scope } from '@nestjs/common';
import { OnTandemEvent, type TandemEvent } from '../../src';
import { UserOperationsService } from '../../src/auth/user-operations.service';
import { Lease } from '../../src/events/lease.entity';
import { userIdOf } from '../support/jwt';
import { MODES, type Mode } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const seen: Record<string, string[]> = { welcome: [], failing: [], all: [] };
/** Ends the call of a method that takes its time. */
let leave = () => {};
let failures = 0;

@Injectable()
class Welcome {
  @OnTandemEvent('user.created')
  async greet({ id, data }: TandemEvent<'user.created'>) {
    seen.welcome!.push(`${id} ${String(data.user_id)}`);
  }

  @OnTandemEvent('user.created', 'session.started')
  record({ type }: TandemEvent) {
    seen.all!.push(type);
  }

  @OnTandemEvent('user.disabled')
  linger() {
    return new Promise<void>((resolve) => (leave = resolve));
  }

  @OnTandemEvent('user.created')
  fail({ id }: TandemEvent) {
    seen.failing!.push(id);
    if (failures-- > 0) throw new Error('no mail today');
  }
}

/** As a host may have them in two of its modules. */
function listener() {
  @Injectable()
  class Listener {
    @OnTandemEvent('user.created')
    listen() {}
  }
  return Listener;
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  @OnTandemEvent('user.created')
  listen() {}
}

it.each([
  ['two methods of one name', [listener(), listener()], /Listener\.listen.*two of this name/],
  ['a provider that each request has anew', [PerRequest], /PerRequest\.listen.*each request/],
])('@OnTandemEvent ends the start of a host with %s', async (_, providers, sentence) => {
  await expect(TestApp.start({ adapter: 'Fastify', providers })).rejects.toThrow(sentence);
});

describe.each(MODES)('@OnTandemEvent (%s)', (mode: Mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, adapter: 'Fastify', providers: [Welcome] });
  });
  beforeEach(() => {
    for (const events of Object.values(seen)) events.length = 0;
  });
  afterAll(() => app.close());

  it('hands a method of the host its types of events, once each, in their order', async () => {
    const users = [];
    for (let count = 0; count < 3; count++) users.push(userIdOf((await app.logIn()).token));

    await until(() => seen.all!.length === 6);
    await until(() => seen.welcome!.length === 3 && seen.failing!.length === 3);
    expect(seen.welcome!.map((line) => line.split(' ')[1])).toEqual(users);
    expect(seen.all).toEqual(users.flatMap(() => ['user.created', 'session.started']));
  });

  it('hands an event to a method again while it throws, later than before, and others go on', async () => {
    failures = 1;
    await app.logIn();
    await app.logIn();

    await until(() => seen.failing!.length === 3 && seen.welcome!.length === 2);
    const [first, again, next] = seen.failing!;
    expect(again).toBe(first);
    expect(next).not.toBe(first);
  });

  it('stays on one node while a method takes longer than a lease lasts', async () => {
    const { token } = await app.logIn();
    const leases = app.sql.getRepository(Lease);
    const name = 'handler Welcome.linger';
    const end = async () => (await leases.findOneBy({ name }))!.expiresAt;
    const before = leave;
    await app.nest.get(UserOperationsService).disable(userIdOf(token));
    await until(() => leave !== before);

    await leases.update({ name }, { expiresAt: new Date(1) });

    await until(async () => +(await end()) > Date.now());
    leave();
  });

  it('goes on after a restart where it was, also with what happened while no process ran', async () => {
    await app.logIn();
    await until(() => seen.welcome!.length === 1);
    app = await app.restart({ providers: [Welcome] });
    await app.logIn();

    await until(() => seen.welcome!.length === 2);
    expect(new Set(seen.welcome).size).toBe(2);
  });
});
