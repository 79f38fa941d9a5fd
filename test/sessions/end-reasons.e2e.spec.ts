import { UserOperationsService } from '../../src/auth/user-operations.service';
import { HousekeepingService } from '../../src/sessions/housekeeping.service';
import { Session } from '../../src/sessions/session.entity';
import { UsersService } from '../../src/users/users.service';
import type { TokenPair } from '../support/client';
import { registerWithPassword, type UserWithPassword } from '../support/credentials';
import { sessionIdOf, userIdOf } from '../support/jwt';
import { endedByReason, listSessions, logInAgain, rowOf } from '../support/sessions';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';

type Provoke = (app: TestApp, lost: TokenPair, user: UserWithPassword) => Promise<unknown>;

/** How a session of a user comes to each of its ends. */
const ENDS: Record<string, Provoke> = {
  logout: (app, lost) => app.delete('/auth/tokens', { token: lost.token }),
  revoked: (app, lost, user) =>
    app.delete(`/auth/sessions/${sessionIdOf(lost.token)}`, { token: user.token }),
  replaced: async (app, _lost, user) => {
    for (let login = 0; login < 3; login++) await logInAgain(app, user);
  },
  disabled: async (app, lost) => {
    await app.nest.get(UserOperationsService).disable(userIdOf(lost.token));
    await app.nest.get(UsersService).enable(userIdOf(lost.token));
  },
  reuse: async (app, lost) => {
    const refreshFrom = (name: string) =>
      app.put('/auth/tokens', undefined, {
        token: lost.refresh_token,
        headers: { 'idempotency-key': `the key of ${name}`.replaceAll(' ', '-') },
      });
    await refreshFrom('the owner');
    await refreshFrom('a thief');
  },
  expired: async (app, lost) => {
    const yesterday = new Date(Date.now() - 86_400_000);
    await app.sql
      .getRepository(Session)
      .update({ id: sessionIdOf(lost.token) }, { expiresAt: yesterday });
    await app.nest.get(HousekeepingService).sweep();
  },
  password_changed: (app, _lost, user) =>
    app.put('/users/me/password', user.credentials, { token: user.token }),
};

describe.each(MODES)('the end of a session (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({
      mode,
      env: { MAX_SESSIONS_PER_USER: '3', REFRESH_ROTATION: 'on' },
    });
  });
  afterAll(() => app.close());

  it.each(Object.entries(ENDS))(
    'rule 11: %s is seen by its owner in the list, and by an operator in SQL and the metrics',
    async (reason, provoke) => {
      const user = await registerWithPassword(app);
      const lost = await logInAgain(app, user);

      await provoke(app, lost, user);

      const row = await rowOf(app, lost);
      expect(row).toMatchObject({ endReason: reason, endedAt: expect.any(Date) });
      const listed = await listSessions(app, await logInAgain(app, user), '?ended=true');
      expect(listed).toContainEqual(
        expect.objectContaining({
          id: row.id,
          end_reason: reason,
          ended_at: row.endedAt!.toISOString(),
        }),
      );
      const inSql = await app.sql.getRepository(Session).countBy({ endReason: row.endReason! });
      expect((await endedByReason(app))[reason]).toBe(inSql);
    },
  );
});
