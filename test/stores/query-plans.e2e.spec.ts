import { GrantsService } from '../../src/auth/grants.service';
import type { E164 } from '../../src/common/phone-number';
import { SessionsService } from '../../src/sessions/sessions.service';
import { UsersService } from '../../src/users/users.service';
import { holdBackgroundJobs } from '../support/background-jobs';
import { OUTCOMES } from '../support/api-outcomes';
import { crowdTables, ROWS } from '../support/crowded-tables';
import { everyRequest } from '../support/every-request';
import { userIdOf } from '../support/jwt';
import { flawsOf, readsTables, recordStatements, type Statement } from '../support/query-plans';
import { SERVICE_CLIENTS } from '../support/service-client';
import { MODES } from '../support/stores';
import { insertOutdatedRows } from '../support/outdated-rows';
import { TestApp } from '../support/test-app';

/** Background jobs, which run here only when the test says so. */
const jobs = holdBackgroundJobs();

/** Rows that one step may read of a table that has {@link ROWS}. */
const MOST_ROWS = ROWS / 10;

const SETTINGS = {
  SERVICE_CLIENTS,
  MAX_SESSIONS_PER_USER: '2',
  LIMITS:
    'code-cooldown=99/1h,codes-per-address=999/1h,codes-per-number=99/1h,codes-per-number-and-network=99/1h',
  // One that is spent is reported.
  SMS_BUDGET_DAILY: '100,CN:100,HK:0',
};

describe.each(MODES)('the plans of all statements (%s)', (mode) => {
  const statements = new Map<string, Statement>();
  const operations = new Set<string>();
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: SETTINGS });
    await useEverything();
    const env = { REFRESH_ROTATION: 'on', SESSION_IDLE_TTL: '7d', REDIS_URL: 'none' };
    app = await app.restart({ env });
    await useEverything();
    await crowdTables(app.sql);
  });
  afterAll(() => app.close());

  it('was asked for every operation', () => {
    expect([...operations].toSorted()).toEqual(Object.keys(OUTCOMES).toSorted());
  });

  it('knows statements on every table', () => {
    const texts = [...statements.keys()].join('\n');
    const unread = app.sql.entityMetadatas.filter(({ tableName }) => !texts.includes(tableName));

    expect(unread).toEqual([]);
  });

  it('every statement finds its rows by an index, and reads few that it does not need', async () => {
    const flawed: Record<string, string[]> = {};
    for (const statement of [...statements.values()].filter(readsTables)) {
      const flaws = await flawsOf(app.sql, statement, MOST_ROWS);
      if (flaws.length > 0) flawed[statement.text] = flaws;
    }

    expect(flawed).toEqual({});
  });

  it('a statement on one session names its user, so that one shard is asked', () => {
    const texts = [...statements.keys()].map((text) => text.replace(/["`]/g, ''));
    const ofOne = texts.filter((text) => /\bsessions\b/.test(text) && /\bid = \?/.test(text));

    expect(ofOne.length).toBeGreaterThan(0);
    expect(ofOne.filter((text) => !/\buser_id = /.test(text))).toEqual([]);
  });

  async function useEverything(): Promise<void> {
    await recording(() => everyRequest(app));
    await recording(commandsAndOutages);
    await recording(runJobs);
    await insertOutdatedRows(app.sql);
    await recording(runJobs);
    jobs.length = 0;
  }

  async function recording(work: () => Promise<void>): Promise<void> {
    const stop = recordStatements(app.sql, statements);
    const requests = jest.spyOn(app, 'send');
    await work();
    for (const [method, path] of requests.mock.calls) operations.add(operationOf(method, path));
    stop();
    requests.mockRestore();
  }

  /** What no request asks for, or only one that an outage meets. */
  async function commandsAndOutages(): Promise<void> {
    const { mobile, token } = await app.logIn();
    const users = app.nest.get(UsersService);
    await users.findByMobile(mobile as E164);
    await app.nest.get(GrantsService).disable(userIdOf(token));
    await users.enable(userIdOf(token));
    await app.nest.get(SessionsService).findByChallenge('0'.repeat(32));
  }
});

async function runJobs(): Promise<void> {
  for (const job of jobs) await job();
}

/** As the OpenAPI document names it. */
const operationOf = (method: string, path: string) =>
  `${method} ${path.replace(/\?.*/, '').replace(/\d+$/, '{id}')}`;
