import { User } from '../../src/users/user.entity';
import type { Answer } from './client';
import { userIdOf } from './jwt';
import { proveNumber } from './number-changes';
import type { TestApp } from './test-app';

const DAY_MS = 86_400_000;

interface Holder {
  readonly token: string;
}

/** As if no code had proved the number of a user for so long. */
export async function letLieDormant(app: TestApp, { token }: Holder, days = 91): Promise<void> {
  const verifiedAt = new Date(Date.now() - days * DAY_MS);
  await app.sql.getRepository(User).update({ id: userIdOf(token) }, { verifiedAt });
}

/** A right code from the phone, without the device of the user. @returns what answers the question. */
export async function ticketFor(app: TestApp, mobile: string): Promise<string> {
  const { status, body } = await proveNumber(app, mobile);
  if (status !== 409) throw new Error(`No question: ${JSON.stringify(body)}`);
  return body.ticket as string;
}

export const answerTo = (
  app: TestApp,
  answer: { ticket: string; mine: boolean; password?: string; [field: string]: unknown },
  headers: Record<string, string> = {},
): Promise<Answer> => app.post('/auth/tokens/reassigned', answer, { headers });
