import { IsNull } from 'typeorm';
import { NoticeMessagesService } from '../../src/auth/notice-messages.service';
import { NoticePurgeService } from '../../src/auth/notice-purge.service';
import { DeletionService } from '../../src/auth/deletion/deletion.service';
import { BY_SYSTEM } from '../../src/audit/change';
import { NoticesService } from '../../src/users/notices/notices.service';
import { SecurityNotice } from '../../src/users/notices/security-notice.entity';
import { holdBackgroundJobs } from '../support/background-jobs';
import { randomCredentials } from '../support/credentials';
import { userIdOf } from '../support/jwt';
import { lapseBreakers } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { MODES } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

const MINUTE = 60_000;
const env = {
  SECURITY_SMS: 'on',
  LIMITS: 'code-cooldown=99/1h,codes-per-number=99/1h,codes-per-number-and-network=99/1h',
};

const setPassword = (app: TestApp, { token }: LoggedIn) =>
  app.put('/users/me/password', randomCredentials(), { token });
const sendDue = (app: TestApp) => app.nest.get(NoticeMessagesService).sendDue();
const messagesTo = (app: TestApp, mobile: string) =>
  app.inbox.messages.filter(({ to, code }) => to === mobile && code === undefined);

describe.each(MODES)('messages of security notices (%s)', (mode) => {
  holdBackgroundJobs();
  let app: TestApp;
  let user: LoggedIn;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env });
  });
  beforeEach(async () => {
    user = await app.logIn();
  });
  afterAll(() => app.close());

  const notices = () => app.sql.getRepository(SecurityNotice);
  const ofUser = () => ({ userId: userIdOf(user.token) });
  /** As if a minute had passed, or more. */
  const laterBy = async (milliseconds: number) => {
    const { at, messageDueAt } = await notices().findOneByOrFail(ofUser());
    const earlier = (time: Date) => new Date(+time - milliseconds);
    await notices().update(ofUser(), { at: earlier(at), messageDueAt: earlier(messageDueAt!) });
  };

  it('are sent once each, whoever looks, in the language of the user and without a code', async () => {
    await app.patch('/users/me', { locale: 'de' }, user);
    await setPassword(app, user);
    expect(messagesTo(app, user.mobile)).toEqual([]);

    await Promise.all([sendDue(app), sendDue(app)]);
    await sendDue(app);

    expect(messagesTo(app, user.mobile)).toMatchObject([
      {
        text: 'Tandem: für Ihr Konto wurde ein Passwort gesetzt. Waren Sie das nicht? Melden Sie sich jetzt an und prüfen Sie Ihr Konto.',
        locale: 'de',
        notice: 'password_set',
      },
    ]);
  });

  it('are three a day and number', async () => {
    for (let count = 0; count < 5; count++) await setPassword(app, user);

    await sendDue(app);

    expect(messagesTo(app, user.mobile)).toHaveLength(3);
    expect(await notices().countBy({ ...ofUser(), messageDueAt: IsNull() })).toBe(5);
    expect((await app.get('/metrics')).body).toMatch(
      /security_messages_total\{outcome="limited"\} 2/,
    );
  });

  it('that no provider takes are tried again for an hour, and count when they are sent', async () => {
    await setPassword(app, user);
    app.inbox.status = 503;
    await sendDue(app);
    app.inbox.status = 200;
    lapseBreakers(app);
    await sendDue(app);
    expect(messagesTo(app, user.mobile)).toEqual([]);

    await laterBy(MINUTE);
    await sendDue(app);

    expect(messagesTo(app, user.mobile)).toHaveLength(1);
  });

  it('that could not be sent within an hour are not sent any more', async () => {
    await setPassword(app, user);
    app.inbox.status = 503;
    await laterBy(61 * MINUTE);
    await sendDue(app);
    app.inbox.status = 200;
    lapseBreakers(app);

    await sendDue(app);

    expect(messagesTo(app, user.mobile)).toEqual([]);
    expect(await notices().findOneBy(ofUser())).toMatchObject({ messageDueAt: null });
  });

  it('go to the number that they are written for, which stands in no row', async () => {
    const former = randomMobile();
    const notice = { kind: 'mobile_changed', to: former as never } as const;
    await app.sql.transaction((manager) =>
      app.nest.get(NoticesService).write(manager, { ...notice, ...ofUser() }),
    );
    expect(JSON.stringify(await notices().find())).not.toContain(former.slice(1));

    await sendDue(app);

    expect(messagesTo(app, former)).toHaveLength(1);
    expect(messagesTo(app, user.mobile)).toEqual([]);
  });

  it('rule 20: are none once the user is erased, of whom no notice stays', async () => {
    await setPassword(app, user);

    await app.nest.get(DeletionService).request(userIdOf(user.token), BY_SYSTEM, 0);
    await sendDue(app);

    expect(messagesTo(app, user.mobile)).toEqual([]);
    expect(await notices().countBy(ofUser())).toBe(0);
  });

  it('notices are purged with the audit', async () => {
    await setPassword(app, user);
    await setPassword(app, user);
    const [oldest] = await notices().find({ where: ofUser(), order: { id: 'ASC' } });
    await notices().update({ id: oldest!.id }, { id: '1' });

    await app.nest.get(NoticePurgeService).purge();

    expect(await notices().countBy(ofUser())).toBe(1);
  });
});

describe('the money for messages of security notices', () => {
  holdBackgroundJobs();
  let app: TestApp;

  beforeAll(async () => {
    const budget = { SMS_BUDGET_DAILY: '10', SECURITY_SMS_SHARE: '1' };
    app = await TestApp.start({ env: { ...env, ...budget } });
  });
  afterAll(() => app.close());

  it('rule 21: is their share of the budget, and no more', async () => {
    const [one, other] = [await app.logIn(), await app.logIn()];
    await setPassword(app, one);
    await sendDue(app);
    await setPassword(app, other);
    await sendDue(app);

    expect(messagesTo(app, one.mobile)).toHaveLength(1);
    expect(messagesTo(app, other.mobile)).toEqual([]);
    expect((await app.post('/auth/codes', { mobile: randomMobile() })).status).toBe(202);
  });
});
