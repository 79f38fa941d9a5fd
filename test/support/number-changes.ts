import { IsNull, Not } from 'typeorm';
import { MobileChangeJobsService } from '../../src/auth/mobile-changes/mobile-change-jobs.service';
import { MobileChange } from '../../src/users/mobile-change.entity';
import type { Answer, Client } from './client';
import { lapseCooldown } from './lapse';
import { randomMobile } from './mobile';
import type { SmsInbox } from './sms-inbox';
import type { TestApp } from './test-app';

/** In this process, or of its own. */
interface AnyApp extends Client {
  readonly inbox: SmsInbox;
}

interface Holder {
  readonly token: string;
}

/** Asks for a change of number. @returns its id, and the code that the new phone shows. */
export async function askForChange(
  app: AnyApp,
  { token }: Holder,
  mobile = randomMobile(),
): Promise<{ id: string; code: string; mobile: string; body: Answer['body'] }> {
  const { status, body } = await app.post('/users/me/mobile-changes', { mobile }, { token });
  if (status !== 202) throw new Error(`No change: ${JSON.stringify(body)}`);
  return { id: body.id, code: app.inbox.codeFor(mobile), mobile, body };
}

export const proveChange = (app: AnyApp, { token }: Holder, id: string, code: string) =>
  app.put(`/users/me/mobile-changes/${id}`, { code }, { token });

/** The whole change. @returns its id and the new number. */
export async function changeNumber(app: AnyApp, holder: Holder, mobile = randomMobile()) {
  const { id, code } = await askForChange(app, holder, mobile);
  const answer = await proveChange(app, holder, id, code);
  if (answer.status !== 200) throw new Error(`No proof: ${JSON.stringify(answer.body)}`);
  return { id, mobile, state: answer.body.state as string };
}

/** A right code for a number, from a phone that may have changed hands. */
export async function proveNumber(app: TestApp, mobile: string): Promise<Answer> {
  await lapseCooldown(app, mobile);
  return app.post('/auth/tokens', await app.requestCode(mobile));
}

/** Lets the time of a change run out, if it is not over, and the job see it. */
export async function letLapse(app: TestApp, id: string): Promise<void> {
  const dueAt = new Date(Date.now() - 1000);
  await app.sql.getRepository(MobileChange).update({ id, dueAt: Not(IsNull()) }, { dueAt });
  await app.nest.get(MobileChangeJobsService).workOff();
}
