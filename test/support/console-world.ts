import { BY_SYSTEM } from '../../src/audit/change';
import { NumberRefsService } from '../../src/audit/number-refs.service';
import type { E164 } from '../../src/common/phone-number';
import { Snowflake } from '../../src/common/snowflake';
import { Node } from '../../src/events/node.entity';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { WebhookAttempt } from '../../src/webhooks/webhook-attempt.entity';
import { WebhookEndpointsService } from '../../src/webhooks/webhook-endpoints.service';
import { giveRoles } from './operators';
import { registerWithPassword } from './credentials';
import { userIdOf } from './jwt';
import { randomMobile } from './mobile';
import type { TestApp } from './test-app';

export interface ConsoleWorld {
  /** Somebody with a profile and sessions. */
  readonly user: { readonly id: string; readonly mobile: string };
  readonly disabled: { readonly id: string };
  /** Has typed wrong codes only. */
  readonly stranger: string;
  readonly strangerRef: string;
  readonly requestId: string;
  /** An endpoint that was told of something. */
  readonly webhook: string;
}

const NAMES = ['Chen Jie', 'Amara Okafor', 'Lucía Fernández', 'Yusuf Demir', '王小明'];

/** What a console of a small service shows on a usual day: made by the product's own routes. */
export async function seedConsoleWorld(app: TestApp): Promise<ConsoleWorld> {
  const people = [];
  for (const name of NAMES) {
    const person = await registerWithPassword(app);
    await app.patch('/users/me', { name, locale: 'zh-CN' }, { token: person.token });
    people.push({ ...person, id: userIdOf(person.token) });
  }
  const [user, disabled, colleague] = people as [Person, Person, Person];
  await giveRoles(app, colleague.id, 'viewer');
  const stranger = randomMobile();
  await app.post('/auth/codes', { mobile: stranger });
  const wrong = await app.post('/auth/tokens', { mobile: stranger, code: wrongFor(app, stranger) });
  await app.post('/auth/login', {
    username: user.credentials.username,
    password: 'not my password',
  });
  await deliver(app);
  await addNode(app);
  return {
    user: { id: user.id, mobile: user.mobile },
    disabled: { id: disabled.id },
    stranger,
    strangerRef: app.nest.get(NumberRefsService).refOf(stranger as E164),
    requestId: String(wrong.body.request_id),
    webhook: await tellSomebody(app),
  };
}

type Person = Awaited<ReturnType<typeof registerWithPassword>> & { id: string };

function wrongFor(app: TestApp, mobile: string): string {
  return app.inbox.codeFor(mobile) === '111111' ? '222222' : '111111';
}

/** Of what does not happen here, so that nothing more is sent. */
async function tellSomebody(app: TestApp): Promise<string> {
  const wanted = { url: 'https://hooks.example.com/tandem', events: ['user.deleted'] };
  const { endpoint } = await app.nest.get(WebhookEndpointsService).add(wanted, BY_SYSTEM);
  const attempts = [3, 2, 1].map((hours) => ({
    id: Snowflake.firstOf(Date.now() - hours * 3_600_000),
    endpointId: endpoint.id,
    eventId: Snowflake.firstOf(Date.now() - hours * 3_600_000 - 400),
    type: 'user.deleted' as const,
    series: '0',
    attempt: 1,
    madeAt: new Date(Date.now() - hours * 3_600_000),
    status: 204,
    milliseconds: 40 + 7 * hours,
  }));
  await app.sql.getRepository(WebhookAttempt).insert(attempts);
  return endpoint.id;
}

/** Another one beside this, which has died, under names that are not of this machine. */
async function addNode(app: TestApp): Promise<void> {
  const nodes = app.sql.getRepository(Node);
  const [own] = await nodes.find();
  const [startedAt, seenAt] = [3 * 3_600_000, 300_000].map((ago) => new Date(Date.now() - ago));
  await nodes.update({ id: own!.id }, { name: 'tandem-1', startedAt });
  const dead = { id: 'a second one', name: 'tandem-2', startedAt, seenAt };
  await nodes.insert({ ...own!, ...dead });
}

/** As receipts would say. */
async function deliver(app: TestApp): Promise<void> {
  const deliveries = app.sql.getRepository(SmsDelivery);
  for (const [index, { id, createdAt }] of (await deliveries.find()).entries()) {
    const deliveredAt = new Date(+createdAt + 2000 + 700 * index);
    await deliveries.update({ id }, { receipt: 'delivered', deliveredAt });
  }
}
