import { User } from '../../src/users/user.entity';
import { answerTo, letLieDormant, ticketFor } from '../support/dormant-numbers';
import { userIdOf } from '../support/jwt';
import { asTandem } from '../support/redis-rights';
import { expectRefusal } from '../support/refusal';
import { isGaleraInstalled, startGalera } from '../support/servers/galera';
import { startRedisCluster } from '../support/servers/redis-cluster';
import { describeStandard, freshDatabase } from '../support/stores';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';

const LIMITS = 'codes-per-number=99/1h,codes-per-number-and-network=99/1h,codes-per-address=999/1h';

/** Stores of two nodes, as each of them is to be configured. */
interface Topology {
  readonly nodes: readonly [Record<string, string>, Record<string, string>];
  remove(): Promise<void>;
}

async function redisCluster(): Promise<Topology> {
  const redis = await startRedisCluster();
  const env = { ...asTandem(redis.env), DATABASE_URL: await freshDatabase() };
  return { nodes: [env, env], remove: () => redis.remove() };
}

async function galeraCluster(): Promise<Topology> {
  // What docs/storage.md tells operators to set.
  const galera = await startGalera('--wsrep-retry-autocommit=4');
  const url = new URL(await freshDatabase(galera.nodes[0].url));
  const [one, other] = galera.nodes.map(({ port }) => {
    url.port = String(port);
    return { DATABASE_URL: url.href };
  });
  return { nodes: [one!, other!], remove: () => galera.remove() };
}

const read = async (app: TestApp, { token }: { token: string }) =>
  (await app.get('/users/me', { token })).body;

const TOPOLOGIES = {
  'Redis Cluster': redisCluster,
  ...(isGaleraInstalled() && { Galera: galeraCluster }),
};

describeStandard('numbers that change hands, with two nodes', () => {
  describe.each(Object.entries(TOPOLOGIES))('on %s', (_name, start) => {
    let topology: Topology;
    let one: TestApp;
    let other: TestApp;

    beforeAll(async () => {
      topology = await start();
      const [first, second] = topology.nodes;
      one = await TestApp.start({ mode: 'standard', env: { ...first, LIMITS } });
      other = await TestApp.start({ mode: 'standard', env: { ...second, LIMITS } });
      await Promise.all([one, other].map((app) => app.untilReady()));
    }, 180_000);
    afterAll(async () => {
      await Promise.all([one, other].map((app) => app.close()));
      await topology.remove();
    });

    it.each([
      ['theirs', true],
      ["somebody else's", false],
    ])('rule 19: of many answers on both that the account is %s one is taken', async (_, mine) => {
      const user = await one.logIn();
      await one.patch('/users/me', { introduction: 'mine alone' }, user);
      await letLieDormant(one, user);
      const ticket = await ticketFor(one, user.mobile);

      const answers = await Promise.all(
        Array.from({ length: 8 }, (__, turn) =>
          answerTo([one, other][turn % 2]!, { ticket, mine }),
        ),
      );

      const taken = answers.filter(({ status }) => status === 201);
      expect(taken).toHaveLength(1);
      for (const answer of answers.filter(({ status }) => status !== 201))
        expectRefusal(answer, 'INVALID_CODE');
      const { body: heir } = taken[0]!;
      expect(userIdOf(heir.token) === userIdOf(user.token)).toBe(mine);
      for (const app of [one, other]) {
        expect(await read(app, heir)).toMatchObject({
          mobile: user.mobile,
          profile: { introduction: null },
        });
        await until(async () => (await app.get('/users/me', user)).status === 401);
      }
      const holders = one.sql.getRepository(User).countBy({ mobile: user.mobile as never });
      expect(await holders).toBe(1);
    });

    it('a code asks once, on whichever node it comes', async () => {
      const user = await one.logIn();
      await letLieDormant(one, user);
      await ticketFor(one, user.mobile);
      const request = { mobile: user.mobile, code: one.inbox.codeFor(user.mobile) };

      for (const app of [one, other])
        expectRefusal(await app.post('/auth/tokens', request), 'INVALID_CODE');
    });
  });
});
