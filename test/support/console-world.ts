import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
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
  readonly requestId: string;
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
  return {
    user: { id: user.id, mobile: user.mobile },
    disabled: { id: disabled.id },
    stranger,
    requestId: String(wrong.body.request_id),
  };
}

type Person = Awaited<ReturnType<typeof registerWithPassword>> & { id: string };

function wrongFor(app: TestApp, mobile: string): string {
  return app.inbox.codeFor(mobile) === '111111' ? '222222' : '111111';
}

/** As receipts would say. */
async function deliver(app: TestApp): Promise<void> {
  const deliveries = app.sql.getRepository(SmsDelivery);
  for (const [index, { id, createdAt }] of (await deliveries.find()).entries()) {
    const deliveredAt = new Date(+createdAt + 2000 + 700 * index);
    await deliveries.update({ id }, { receipt: 'delivered', deliveredAt });
  }
}
