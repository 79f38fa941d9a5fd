import { randomUUID } from 'node:crypto';
import { TokenService } from '../../../src/auth/token.service';
import type { E164 } from '../../../src/common/phone-number';
import { SessionsService } from '../../../src/sessions/sessions.service';
import { WebhookProvider } from '../../../src/sms/providers/webhook.provider';
import { atomically, nameIn } from '../../../src/storage/queries';
import { insertion, sql } from '../../../src/storage/sql';
import { UsersService } from '../../../src/users/users.service';
import type { TestApp } from '../test-app';

const CLIENT = { device: null, deviceType: 'phone', network: '' } as const;

/** A user with a profile and a session, as a first login by code a moment ago would have left them. @returns the token. */
export async function arrive(
  { nest, sql: dataSource }: TestApp,
  mobile: string,
  introduction: string,
): Promise<string> {
  const { id, user, profile } = nest.get(UsersService).registration(mobile as E164);
  const session = nest.get(SessionsService).newSession(randomUUID().replaceAll('-', ''), CLIENT);
  await atomically(dataSource, {
    user,
    profile,
    told: sql`UPDATE ${nameIn(dataSource, 'user_profiles')}
      SET introduction = ${introduction} WHERE id = ${id}`,
    session: insertion(nameIn(dataSource, 'sessions'), { ...session.row, user_id: id }),
  });
  return nest.get(TokenService).signAccess(session.of(id, null, []), {});
}

/** Lets messages arrive without a provider: thousands of them cost as much as all else. */
export function deliverDirectly({ inbox }: TestApp): void {
  jest.spyOn(WebhookProvider.prototype, 'send').mockImplementation((message) => {
    const code = 'code' in message ? message.code : '';
    const { to, text } = message;
    inbox.messages.push({ to, text, code, raw: { headers: {}, body: '' } });
    return Promise.resolve(randomUUID());
  });
}
