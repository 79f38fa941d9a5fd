import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { fromNewAddress } from '../support/address';
import { askForCode, otherThan, presentCode } from '../support/codes';
import { inTime } from '../support/deadline';
import { randomMobile } from '../support/mobile';
import { holdsChallenge } from '../support/replication';
import type { PrivateServer } from '../support/servers/private-server';
import { startRedis, withRedis } from '../support/servers/redis';
import { describeStandard } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

/** How each fault begins and ends, command by command. */
const FAULTS: [error: string, begin: string[], end: string[]][] = [
  ['OOM', ['CONFIG SET maxmemory 1'], ['CONFIG SET maxmemory 0']],
  ['NOREPLICAS', ['CONFIG SET min-replicas-to-write 1'], ['CONFIG SET min-replicas-to-write 0']],
  ['READONLY', ['REPLICAOF 127.0.0.1 1'], ['REPLICAOF NO ONE']],
  [
    'MASTERDOWN',
    ['CONFIG SET replica-serve-stale-data no', 'REPLICAOF 127.0.0.1 1'],
    ['REPLICAOF NO ONE', 'CONFIG SET replica-serve-stale-data yes'],
  ],
  ['NOPERM', ['ACL SETUSER default -eval -evalsha'], ['ACL SETUSER default +@all']],
];

describeStandard('a Redis that takes nothing', () => {
  let redis: PrivateServer;
  let app: TestApp;

  beforeAll(async () => {
    redis = await startRedis();
    const env = { REDIS_URL: redis.url, TRUST_PROXY: '1' };
    app = await TestApp.start({ mode: 'standard', env });
  });
  afterAll(async () => {
    await app.close();
    await redis.remove();
  });

  const order = async (commands: string[]) => {
    for (const command of commands) {
      const [name, ...words] = command.split(' ');
      await withRedis(redis.port, (client) => client.call(name!, ...words));
    }
  };
  const isInUse = async () => {
    const mobile = randomMobile();
    await askForCode(app, mobile);
    return holdsChallenge(redis, mobile);
  };

  it.each(FAULTS)('because of %s is one that is away', async (error, begin, end) => {
    const [earlier, other, mobile] = [randomMobile(), randomMobile(), randomMobile()];
    const [sent, untouched] = [await askForCode(app, earlier), await askForCode(app, other)];
    await order(begin);
    const write = withRedis(redis.port, (client) => client.eval("redis.call('SET', 'a', 1)", 0));
    await expect(write).rejects.toThrow(error);

    const address = fromNewAddress();
    const asked = await inTime(app.post('/auth/codes', { mobile }, address));
    const code = app.inbox.codeFor(mobile);
    const again = await inTime(app.post('/auth/codes', { mobile }, address));
    const wrong = await inTime(presentCode(app, mobile, otherThan(code)));
    const login = await inTime(presentCode(app, mobile, code));
    const guess = await inTime(presentCode(app, other, otherThan(untouched)));
    const early = await inTime(presentCode(app, earlier, sent));
    await order(end);
    await until(isInUse);
    const late = await presentCode(app, earlier, sent);

    expect([asked.status, again.status]).toEqual([202, 429]);
    expect([wrong.status, login.status]).toEqual([400, 201]);
    // What Redis cannot count it does not judge: right or wrong, nobody is told which.
    expect([guess.status, early.status, late.status]).toEqual([503, 503, 201]);
  });
});

describeStandard('an address that leads to another Redis', () => {
  it('is followed once the first one is read-only', async () => {
    const [first, second] = [await startRedis(), await startRedis()];
    let target = first.port;
    const address = createServer((socket) => {
      const server = createConnection(target, '127.0.0.1');
      pipeline(socket, server, socket, () => undefined);
    }).listen(0, '127.0.0.1');
    await once(address, 'listening');
    const { port } = address.address() as AddressInfo;
    const env = { REDIS_URL: `redis://127.0.0.1:${port}`, TRUST_PROXY: '1' };
    const app = await TestApp.start({ mode: 'standard', env });
    await app.logIn();

    target = second.port;
    await withRedis(first.port, (client) => client.replicaof('127.0.0.1', second.port));
    await until(async () => {
      const mobile = randomMobile();
      await askForCode(app, mobile);
      return holdsChallenge(second, mobile);
    });

    expect((await app.logIn()).token).toBeDefined();
    await app.close();
    address.close();
    await Promise.all([first.remove(), second.remove()]);
  });
});
