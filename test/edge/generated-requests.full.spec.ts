import * as fc from 'fast-check';
import { EventStreamsService } from '../../src/admin/event-streams.service';
import { TokenService } from '../../src/auth/token.service';
import { limitsWith } from '../../src/codes/limits';
import { Session } from '../../src/sessions/session.entity';
import type { Answer } from '../support/client';
import {
  type CallerKind,
  type GeneratedRequest,
  hostileRequestsOf,
  requestsOf,
} from '../support/generated-requests';
import { userIdOf } from '../support/jwt';
import { newOperator } from '../support/operators';
import { ApiDocument } from '../support/openapi';
import { FUZZ_SEED, FUZZES_FULLY } from '../support/scale';
import { ServerProcess } from '../support/server-process';
import { basic, SERVICE_CLIENTS } from '../support/service-client';
import { openSession } from '../support/sessions';
import { type Mode, MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

const RUNS = FUZZES_FULLY ? 500 : 30;
/** What a body may be answered where none is asked for. */
const BODY_REFUSALS = new Set([400, 413, 415]);
/** The refusals of whoever does not get as far as the route itself. */
const EARLY = /40[13]|UNSUPPORTED|TOO_LARGE|VALIDATION/;
const LATE = /USER_DISABLED|RECENT_(LOGIN|CODE)|STEP_UP/;
/** These take one of several fields, which few of the generated requests have; specs of their own reach them. */
const ONE_OF = new Set(['DELETE /admin/sessions', 'POST /admin/diagnosis', 'POST /auth/step-up']);

/** No limit is the point here. */
const LIMITS = Object.keys(limitsWith({}))
  .filter((name) => !/^(captcha-answers|easy-codes)/.test(name))
  .map((name) => `${name}=9999999/1h`)
  .join();

describe.each<Mode>(FUZZES_FULLY ? MODES : ['embedded'])('generated requests (%s)', (mode) => {
  let app: TestApp;
  let api: ApiDocument;
  let userId: string;
  let adminId: string;
  /** The fields and parameters that were sent, and what was answered, by operation. */
  const sent = new Map<string, Set<string>>();
  const answered = new Map<string, Set<string>>();

  beforeAll(async () => {
    const env = {
      SERVICE_CLIENTS,
      LIMITS,
      CAPTCHA: 'altcha',
      REFRESH_COOKIE: 'on',
      SMS_BUDGET_DAILY: 'none',
      // That of the examples.
      TERMS_VERSION: '2026-01',
    };
    app = await TestApp.start({ mode, env });
    // Streams end with their first part.
    app.nest.get(EventStreamsService).onModuleDestroy();
    api = await documentOfBuild();
    userId = userIdOf((await app.logIn()).token);
    adminId = (await newOperator(app, 'admin')).id;
  });
  afterAll(() => app.close());

  it('are answered as documented, never by a 500, and tell no secret', async () => {
    for (const operation of api.operations) {
      const check = fc.asyncProperty(
        fc.oneof(requestsOf(api, operation), hostileRequestsOf(api, operation)),
        async (request) => {
          const holder = operation.includes(' /admin/') ? adminId : userId;
          const answer = await send(app, holder, operation, request);
          note(operation, request, answer);
          expect([operation, problemsOf(api, operation, request, answer)]).toEqual([operation, []]);
        },
      );
      await fc.assert(check, { numRuns: RUNS, seed: FUZZ_SEED });
      await app.untilReady();
    }
  }, 3_600_000);

  it('reach every operation behind its guards and use every field', () => {
    const operations = api.operations.filter((operation) => !ONE_OF.has(operation));
    const reached = operations.filter((operation) =>
      [...(answered.get(operation) ?? [])].some(
        (outcome) => !EARLY.test(outcome) || LATE.test(outcome),
      ),
    );
    const unused = operations.flatMap((operation) =>
      fieldsOf(api, operation).filter((field) => !sent.get(operation)?.has(field)),
    );

    expect(reached).toEqual(operations);
    expect(unused).toEqual([]);
  });

  function note(operation: string, request: GeneratedRequest, { status, body }: Answer): void {
    const { path, query, header, body: given } = request;
    const fields = sent.get(operation) ?? new Set();
    for (const name of Object.keys({ ...path, ...query, ...header, ...given?.fields }))
      fields.add(name);
    sent.set(operation, fields);
    const outcomes = answered.get(operation) ?? new Set();
    answered.set(operation, outcomes.add(`${status} ${body?.errorCode}`));
  }
});

/** Only the compiler of the build, by its plugin, knows all of the document. */
async function documentOfBuild(): Promise<ApiDocument> {
  const server = await ServerProcess.start({ NODE_ENV: 'test' });
  const document = await ApiDocument.of(server);
  await server.stop('SIGKILL');
  return document;
}

function fieldsOf(api: ApiDocument, operation: string): string[] {
  const { parameters, body } = api.requestOf(operation);
  return [...parameters.map(({ name }) => name), ...Object.keys(body?.properties ?? {})];
}

async function send(
  app: TestApp,
  userId: string,
  operation: string,
  { caller, path, query, header, body }: GeneratedRequest,
): Promise<Answer> {
  const [method, template] = operation.split(' ') as [string, string];
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(Buffer.from(path[name]!).toString()),
  );
  const search = new URLSearchParams(query);
  const authorization = await authorizationOf(app, userId, caller);
  return app.send(method, search.size > 0 ? `${filled}?${search}` : filled, body?.content, {
    // As from a page of the server, which may ask for cookies.
    headers: {
      'sec-fetch-site': 'same-origin',
      ...header,
      ...authorization,
      ...(body && { 'content-type': body.type }),
    },
  });
}

/** Of a new session, since many operations end the one they are called in. */
async function authorizationOf(
  app: TestApp,
  userId: string,
  caller: CallerKind,
): Promise<{ authorization?: string }> {
  if (caller === 'nobody') return {};
  if (caller === 'service') return basic();
  if (caller === 'garbage') return { authorization: 'Bearer a.b.c' };
  const [session, tokens] = [await openSession(app, userId), app.nest.get(TokenService)];
  const { id } = session;
  await app.sql
    .getRepository(Session)
    .update({ id, userId }, { amr: 'sms pwd', authTime: new Date() });
  const token = caller === 'access' ? tokens.signAccess(session) : tokens.signRefresh(session);
  return { authorization: `Bearer ${token}` };
}

function problemsOf(
  api: ApiDocument,
  operation: string,
  request: GeneratedRequest,
  answer: Answer,
): string[] {
  const { status, body } = answer;
  const isBodyUnasked = request.body !== undefined && !api.requestOf(operation).body;
  if (isBodyUnasked && BODY_REFUSALS.has(status)) return [];
  return [
    ...api.problems(operation, answer),
    // Documented, and yet what nothing that a client sends may lead to.
    ...(status === 500 || body?.errorCode === 'UNAVAILABLE' ? [`answered ${status}`] : []),
    ...(status >= 400 ? echoesOf(request, JSON.stringify(body.message)) : []),
  ];
}

/** Values that a refusal repeats, unless they are also names, which it may. */
function echoesOf({ path, query, body }: GeneratedRequest, message: string): string[] {
  const fields = { ...path, ...query, ...body?.fields };
  const texts = Object.values(fields).filter((given) => typeof given === 'string');
  return texts.filter((given) => given.length > 7 && message.includes(given) && !(given in fields));
}
