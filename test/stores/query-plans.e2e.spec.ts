import { UserOperationsService } from '../../src/auth/user-operations.service';
import type { E164 } from '../../src/common/phone-number';
import { SessionsService } from '../../src/sessions/sessions.service';
import { UsersService } from '../../src/users/users.service';
import { holdBackgroundJobs } from '../support/background-jobs';
import { OUTCOMES } from '../support/api-outcomes';
import { crowdTables, ROWS } from '../support/crowded-tables';
import { everyRequest } from '../support/every-request';
import { userIdOf } from '../support/jwt';
import { flawsOf, readsTables, recordStatements, type Statement } from '../support/query-plans';
import { RECEIPTS_SECRET } from '../support/receipts';
import { SERVICE_CLIENTS } from '../support/service-client';
import { MODES } from '../support/stores';
import { insertOutdatedRows } from '../support/outdated-rows';
import { TestApp } from '../support/test-app';

/** Background jobs, which run here only when the test says so. */
const jobs = holdBackgroundJobs();

/** Rows that one step may read of a table that has {@link ROWS}. */
const MOST_ROWS = ROWS / 10;

/** Skips a thousand rows of the primary key, at most every ten minutes, until there are as many; planners expect all. */
const SKIPS = /^SELECT created_at FROM users\s.* ORDER BY id LIMIT 1 OFFSET \?$/s;
/** A page by a unique key, which planners expect to be read to the end. */
const PAGES =
  /WHERE (\(\(+\S+\.id (>= \? AND \S+ )?< \?\)+ ORDER BY \S+ DESC LIMIT \d+|position > \?\s+ORDER BY position LIMIT \?)$/;
/** The newest row, which is the first that is read. */
const NEWEST = /^SELECT \w+, \w+ FROM audit_seals ORDER BY id DESC LIMIT 1$/;
/** The oldest row, likewise, by the index of its order. */
const OLDEST = /^SELECT (created_at AS )?at FROM \w+\s+ORDER BY (id|created_at) LIMIT 1$/;
/** What an operator asks of the monitor: all that was counted in an hour. */
const MONITORED = /^\s*SELECT scope, SUM\(sent\) AS sent/;
/** What the verifier reads: from the newest hundred of the seals on, where planners expect all behind the first. */
const VERIFIED = /FROM audit_(seals\s+WHERE id >= \?|events WHERE seal > \? LIMIT 1$)/;
/** What the overview counts of the hours that are not counted yet, by an index that holds what it needs. */
const COUNTED = /COUNT\(\*\) AS events\s+FROM audit_events .*GROUP BY rest$/s;
/** One row for each hour, and country and provider, of a month at most: however much was done. */
const HOURS = /FROM (message|action)_hours\s+WHERE start >= \?/;
/** The newest of an action, up to the limit. */
const RECENT = /action IN \(\?\)\) .* ORDER BY \S+ DESC LIMIT \d+$/;
/** One row for each job in the background. */
const JOBS = /FROM leases ORDER BY name LIMIT \?$/;
/** What a filter of messages looks at: as many as its limit, where planners expect all. */
const LOOKED_AT = /id < \? ORDER BY id DESC LIMIT \?(\) AS looked|$)/;
/** Sessions that live, by the index of their ends: as many as a step looks at. */
const STEP = /ended_at IS NULL AND expires_at >= \? .*\s+ORDER BY expires_at, id LIMIT \?$/;

/** There are twenty of them at most. */
const ENDPOINTS = /^(SCAN )?(e|WebhookEndpoint|webhook_endpoints)\b/;
/** All prefixes that are paused: as few as there are attacks. */
const PAUSED = /^SELECT prefix FROM sms_pauses$/;

const BOUNDED = [
  SKIPS,
  PAGES,
  NEWEST,
  OLDEST,
  MONITORED,
  PAUSED,
  VERIFIED,
  COUNTED,
  RECENT,
  JOBS,
  LOOKED_AT,
  STEP,
  HOURS,
];

const SETTINGS = {
  SERVICE_CLIENTS,
  SECURITY_SMS: 'on',
  TERMS_VERSION: '2026-01',
  SMS_RECEIPTS: 'webhook,aliyun',
  SMS_RECEIPTS_SECRET: RECEIPTS_SECRET,
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
  }, 120_000);
  afterAll(() => app.close());

  it('was asked for every operation', () => {
    expect([...operations].toSorted()).toEqual(Object.keys(OUTCOMES).toSorted());
  });

  it('knows statements on every table', () => {
    const texts = [...statements.keys()].join('\n');
    const tables = app.sql.entityMetadatas.map(({ tableName }) => tableName);
    const unread = tables.filter((table) => !texts.includes(table));

    expect(unread).toEqual([]);
  });

  it('every statement finds its rows by an index, and reads few that it does not need', async () => {
    const flawed: Record<string, string[]> = {};
    const searches = [...statements.values()]
      .filter(readsTables)
      .filter(({ text }) => !BOUNDED.some((known) => known.test(text.replaceAll(/["`]/g, ''))));
    for (const statement of searches) {
      const found = await flawsOf(app.sql, statement, MOST_ROWS);
      const flaws = found.filter((flaw) => !ENDPOINTS.test(flaw));
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
    // Hours that are over are counted by then, as they are anywhere.
    await recording(runJobs);
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
    await app.nest.get(UserOperationsService).disable(userIdOf(token));
    await users.enable(userIdOf(token));
    await app.nest.get(SessionsService).findByChallenge('0'.repeat(32));
    const [code, headers] = [await app.requestCode(), { 'idempotency-key': 'k'.repeat(22) }];
    await app.post('/auth/tokens', code, { headers });
    expect((await app.post('/auth/tokens', code, { headers })).status).toBe(201);
  }
});

async function runJobs(): Promise<void> {
  for (const job of jobs) await job();
}

/** As the OpenAPI document names it. */
const operationOf = (method: string, path: string) =>
  `${method} ${path
    .replace(/\?.*/, '')
    .replace(OPAQUE, namedPath)
    .replace(/^(\/admin\/users\/\d+\/sessions)\/\d+$/, '$1/{session}')
    .replace(/\/\d+(?=\/|$)/, '/{id}')
    .replace(RECEIPTS, receiptsPath)}`;

const RECEIPTS = /^\/sms\/receipts\/\w+(\/.+)?/;
const receiptsPath = (_path: string, secret?: string) =>
  `/sms/receipts/{provider}${secret ? '/{secret}' : ''}`;

/** What stands for a pause or a block. */
const OPAQUE = /^(\/admin\/(?:sms\/pauses|blocks))\/.+/;
const namedPath = (_path: string, list: string) =>
  `${list}/${list.endsWith('pauses') ? '{scope}' : '{id}'}`;
