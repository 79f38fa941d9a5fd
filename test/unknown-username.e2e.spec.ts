import { hash, verify } from '@node-rs/argon2';
import type { Answer } from './support/client';
import {
  randomCredentials,
  registerWithPassword,
  type UserWithPassword,
} from './support/credentials';
import { MODES } from './support/stores';
import { TestApp } from './support/test-app';

jest.mock('@node-rs/argon2', () => {
  const argon2 = jest.requireActual<typeof import('@node-rs/argon2')>('@node-rs/argon2');
  return { ...argon2, hash: jest.fn(argon2.hash), verify: jest.fn(argon2.verify) };
});

/** What a caller sees of an answer that is not different each time. */
function visible({ status, headers, body }: Answer) {
  const { date: _, ...others } = Object.fromEntries(headers);
  return { status, headers: others, body: { ...body, request_id: '' } };
}

describe.each(MODES)('an unknown username (%s)', (mode) => {
  let app: TestApp;
  let user: UserWithPassword;

  beforeAll(async () => {
    app = await TestApp.start({ mode });
    user = await registerWithPassword(app);
  });
  afterAll(() => app.close());

  const logIn = (credentials: object) => app.post('/auth/login', credentials);

  it('is answered like a wrong password', async () => {
    const unknown = await logIn(randomCredentials());
    const wrong = await logIn({ ...user.credentials, password: 'a wrong one' });

    expect(unknown.status).toBe(400);
    expect(unknown.body).toEqual({
      statusCode: 400,
      message: 'Invalid username or password.',
      error: 'Bad Request',
      errorCode: 'INVALID_CREDENTIALS',
      request_id: expect.any(String),
    });
    expect(visible(unknown)).toEqual(visible(wrong));
  });

  it('costs the work of a wrong password: one verification with the same parameters', async () => {
    const verified = jest.mocked(verify).mockClear();
    const hashed = jest.mocked(hash).mockClear();

    await logIn(randomCredentials());
    await logIn({ ...user.credentials, password: 'a wrong one' });

    const parameters = verified.mock.calls.map(([phc]) => String(phc).split('$', 4).join('$'));
    expect(parameters).toEqual(Array(2).fill('$argon2id$v=19$m=19456,t=2,p=1'));
    expect(hashed).not.toHaveBeenCalled();
  });
});
