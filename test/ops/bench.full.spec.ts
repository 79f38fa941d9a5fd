import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chartOf } from '../../bench/chart';
import { compare } from '../../bench/compare';
import type { Contestant } from '../../bench/contestants/contestant';
import { limit, tandem } from '../../bench/contestants/tandem';
import { tandemDialect } from '../../bench/contestants/tandem-dialect';
import { textOf } from '../../bench/report';
import { SCENARIOS } from '../../bench/scenarios';
import { Stores } from '../../bench/stores';
import { describeStandard } from '../support/stores';

/** The short form of `npm run bench`: it tells that all is measured and right, not how fast it is. */
const PLAN = { starts: 1, pairs: 1, warmUps: 1, seconds: 0.05, connections: 4 };

const PAIR = {
  token: 'a.b.c',
  refresh_token: 'd.e.f',
  token_type: 'Bearer',
  expires_in: 7200,
  refresh_expires_in: 86_400,
};

describeStandard('the benchmark', () => {
  it('measures every scenario of Tandem and of the limit, whose answers are all right', async () => {
    const { TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
    const stores = Stores.of(TEST_DATABASE_URL!, TEST_REDIS_URL!);

    const report = await compare([tandem, limit], SCENARIOS, PLAN, stores);

    const own = SCENARIOS.map(({ name }) => ({
      scenario: name,
      contestant: 'tandem',
      ...MEASURED,
    }));
    const beside = ['guarded', 'refresh', 'login', 'first login'].map((scenario) => ({
      scenario,
      contestant: 'limit',
      ratio: ESTIMATE,
      ...MEASURED,
    }));
    expect(report.figures).toHaveLength(own.length + beside.length);
    expect(report.figures).toEqual(expect.arrayContaining([...own, ...beside]));
    for (const { scenario, contestant } of report.figures)
      expect(textOf(report)).toContain(`| ${scenario} | ${contestant} |`);
    expect(chartOf(report)).toMatch(/^<svg .*guarded.*<\/svg>\n$/s);
  }, 120_000);
});

describe('of a server that is fast because it does not do its work, the benchmark', () => {
  const login = SCENARIOS.find(({ name }) => name === 'login')!;
  let answer: { status: number; body: object };
  let server: Server;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      response.writeHead(answer.status).end(JSON.stringify(answer.body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.close();
    await once(server, 'close');
  });

  const run = () => compare([idler(server)], [login], PLAN, Stores.of('', ''));

  it('fails on a wrong status', async () => {
    answer = { status: 503, body: PAIR };

    await expect(run()).rejects.toThrow('wrong answers:\n  POST /auth/tokens: 503');
  });

  it('fails on a token that is none', async () => {
    answer = { status: 201, body: { ...PAIR, token: 'abc' } };

    await expect(run()).rejects.toThrow('wrong answers');
  });

  it('fails on sessions that are not on disk', async () => {
    answer = { status: 201, body: PAIR };

    await expect(run()).rejects.toThrow('80 of login put 0 sessions on disk');
  });
});

const ESTIMATE = {
  median: expect.any(Number),
  low: expect.any(Number),
  high: expect.any(Number),
};
const MEASURED = {
  requestsPerSecond: expect.any(Number),
  p50: expect.any(Number),
  p99: expect.any(Number),
  // Elsewhere nobody counts it.
  ...(process.platform === 'linux' && { cpu: ESTIMATE }),
};

/** It knows nobody and keeps nothing. */
function idler(server: Server): Contestant {
  const { port } = server.address() as AddressInfo;
  const data = {
    addUsers: async (mobiles: string[]) => mobiles,
    issueCodes: async (mobiles: string[]) => mobiles.map(() => '000000'),
    countSessions: async () => 0,
  };
  const entrant = {
    url: `http://127.0.0.1:${port}`,
    pid: process.pid,
    dialect: tandemDialect,
    data,
  };
  return { name: 'idler', start: async () => ({ ...entrant, stop: async () => undefined }) };
}
