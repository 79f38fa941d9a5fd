import { Injectable } from '@nestjs/common';
import { OnTandemEvent, type TandemEvent } from '../../src';
import { userIdOf } from '../support/jwt';
import { MODES, type Mode } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const seen: Record<string, string[]> = { welcome: [], failing: [], all: [] };
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

  @OnTandemEvent('user.created')
  fail({ id }: TandemEvent) {
    seen.failing!.push(id);
    if (failures-- > 0) throw new Error('no mail today');
  }
}

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

  it('goes on after a restart where it was, also with what happened while no process ran', async () => {
    await app.logIn();
    await until(() => seen.welcome!.length === 1);
    app = await app.restart({ providers: [Welcome] });
    await app.logIn();

    await until(() => seen.welcome!.length === 2);
    expect(new Set(seen.welcome).size).toBe(2);
  });
});
