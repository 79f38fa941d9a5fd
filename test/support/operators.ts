import { UserRolesService } from '../../src/auth/user-roles.service';
import { SYSTEM } from '../../src/audit/change';
import { registerWithPassword, type UserWithPassword } from './credentials';
import { userIdOf } from './jwt';
import { lapseCooldown } from './lapse';
import type { TestApp } from './test-app';

/** Makes these the roles of a user, as the command line does: their sessions end. */
export async function giveRoles(app: TestApp, userId: string, ...roles: string[]): Promise<void> {
  await app.nest.get(UserRolesService).change(userId, () => roles, { actor: SYSTEM });
}

/** Another session of a user, by code. */
export async function logInByCode<T extends UserWithPassword>(app: TestApp, user: T): Promise<T> {
  await lapseCooldown(app, user.mobile);
  return { ...user, ...(await app.logIn(user.mobile)) };
}

/** Proves the password to the session of a user. */
export async function stepUp(
  app: TestApp,
  { token, credentials: { password } }: UserWithPassword,
): Promise<void> {
  const answer = await app.post('/auth/step-up', { password }, { token });
  if (answer.status !== 200) throw new Error(`No step-up: ${JSON.stringify(answer.body)}`);
}

/** A new user with roles, whose session has proved code and password. */
export async function newOperator(
  app: TestApp,
  ...roles: string[]
): Promise<UserWithPassword & { id: string }> {
  const user = await registerWithPassword(app);
  const id = userIdOf(user.token);
  await giveRoles(app, id, ...roles);
  const operator = await logInByCode(app, user);
  await stepUp(app, operator);
  return { ...operator, id };
}
