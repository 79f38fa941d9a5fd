import { randomUUID } from 'node:crypto';
import type { LoggedIn, TestApp } from './test-app';

/** The body of `POST /auth/login`. */
export interface Credentials {
  username: string;
  password: string;
}

export interface UserWithPassword extends LoggedIn {
  credentials: Credentials;
}

export function randomCredentials(): Credentials {
  return { username: `user-${randomUUID().slice(0, 18)}`, password: `pass ${randomUUID()}` };
}

/** A new user, logged in by code, who has set a username and password. */
export async function registerWithPassword(
  app: TestApp,
  credentials = randomCredentials(),
): Promise<UserWithPassword> {
  const user = await app.logIn();
  const answer = await app.put('/users/me/password', credentials, { token: user.token });
  if (answer.status !== 204) throw new Error(`No password: ${JSON.stringify(answer.body)}`);
  return { ...user, credentials };
}
