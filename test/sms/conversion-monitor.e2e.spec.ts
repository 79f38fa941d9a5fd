import { randomInt } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { type E164, prefixOf } from '../../src/common/phone-number';
import { redact } from '../../src/common/redact';
import { ConversionMonitorService } from '../../src/sms/conversion-monitor.service';
import { change } from '../../src/storage/queries';
import { IsNull, Not } from 'typeorm';
import { MonitorPausesService } from '../../src/sms/monitor-pauses.service';
import { PauseEventsService } from '../../src/sms/pause-events.service';
import { SmsConversion } from '../../src/sms/sms-conversion.entity';
import { UsedCodesService } from '../../src/sms/used-codes.service';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import { User } from '../../src/users/user.entity';
import { fromNewAddress } from '../support/address';
import { lapseCooldown } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { scrape, valueOf } from '../support/prometheus';
import { expectRefusal } from '../support/refusal';
import { MODES } from '../support/stores';
import { TestApp } from '../support/test-app';
import { auditOf, eventsOf } from '../support/told';
import { until } from '../support/until';

const MINUTE = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE);

describe.each(MODES)('the conversion guard (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1' } });
  });
  beforeEach(async () => {
    await app.sql.getRepository(SmsConversion).clear();
    await app.nest.get(ConversionMonitorService)['purge']();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  const guard = () => app.nest.get(ConversionMonitorService);
  /** From a network that has brought nobody, unless it is told. */
  const ask = (mobile: string, from: object = fromNewAddress()) =>
    app.post('/auth/codes', { mobile }, from);
  /** A number that a pause would let through as a probe, or not; of the block of another one if need be. */
  const numberThat = (isProbe: boolean, block = prefixOf(randomMobile() as E164)): E164 => {
    for (;;) {
      const mobile = (block + String(randomInt(10_000)).padStart(4, '0')) as E164;
      if (guard()['isProbe'](mobile) === isProbe) return mobile;
    }
  };
  const neighbourOf = (mobile: string) => numberThat(false, prefixOf(mobile as E164));
  /** Codes that the block of a number got, and how many of them were used. */
  const convert = async (mobile: string, sent: number, verified: number, at = ago(10)) => {
    for (let count = 0; count < sent; count++)
      await change(app.sql, guard().sent(mobile as E164, at));
    for (let count = 0; count < verified; count++) await guard().verified(mobile as E164, at);
  };

  it('pauses fresh numbers of a block whose codes nobody uses, and reports it once', async () => {
    const mobile = numberThat(false);
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    await convert(mobile, 20, 3);

    const answers = [await ask(mobile), await ask(neighbourOf(mobile))];

    for (const answer of answers) expectRefusal(answer, 'SMS_PAUSED');
    expect(Number(answers[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    const [report, ...others] = error.mock.calls.map(([text]) => redact(String(text)));
    expect(report).toMatch(/^SMS to fresh numbers of .* paused: 3 of 20 codes were used$/);
    expect(report!.replaceAll(' ', '')).toContain(prefixOf(mobile));
    expect(others).toEqual([]);
    expect(
      valueOf(await scrape(app), 'tandem_sms_pauses_total', { country: 'CN' }),
    ).toBeGreaterThan(1);
  });

  it('tells that it pauses and that it is over as events, once each, however many nodes look', async () => {
    const mobile = numberThat(false);
    const look = () => app.nest.get(PauseEventsService).tellChanges();
    const told = async () =>
      (await eventsOf(app)).filter(({ data }) => data?.includes(prefixOf(mobile)));
    await convert(mobile, 20, 3);

    await Promise.all([look(), look()]);
    await look();
    await app.sql.getRepository(SmsConversion).clear();
    await Promise.all([look(), look()]);

    const prefix = `${prefixOf(mobile)}*`;
    expect((await told()).map(({ type, data }) => [type, JSON.parse(data!)])).toEqual([
      ['sms.paused', { prefix, sent: 20, used: 3 }],
      ['sms.resumed', { prefix }],
    ]);
  });

  it('tells once of an end that an operator has ordered, and by whom', async () => {
    const mobile = numberThat(false);
    const prefix = `${prefixOf(mobile)}*`;
    await convert(mobile, 20, 3);
    await app.nest.get(PauseEventsService).tellChanges();

    const actor = { kind: 'operator', id: '4711' } as const;
    await app.nest.get(MonitorPausesService).lift(prefix, { actor });
    await app.nest.get(PauseEventsService).tellChanges();

    const resumed = (await auditOf(app)).filter(
      ({ action, detail }) => action === 'sms.resumed' && detail?.includes(prefix),
    );
    expect(resumed).toMatchObject([{ actorId: '4711', detail: JSON.stringify({ prefix }) }]);
    expect((await ask(mobile)).status).toBe(202);
  });

  it('lets active users through in a network of theirs, and other blocks', async () => {
    const { mobile } = await app.logIn(numberThat(false));
    await convert(mobile, 20, 0);

    expect((await ask(neighbourOf(mobile))).status).toBe(503);
    expect((await ask(randomMobile())).status).toBe(202);
    await lapseCooldown(app, mobile);
    expect((await ask(mobile, {})).status).toBe(202);
    await app.sql.getRepository(User).update({ mobile: mobile as E164 }, { status: 'disabled' });
    expectRefusal(await ask(mobile), 'SMS_PAUSED');
  });

  it.each([
    ['too few messages to tell', 19, 0, 10],
    ['codes of which one in five was used', 20, 4, 10],
    ['messages so new that people may be typing', 50, 0, 1],
    ['messages that were sent long ago', 50, 0, 70],
  ])('lets fresh numbers through after %s', async (_, sent, verified, minutes) => {
    const mobile = randomMobile();
    await convert(mobile, sent, verified, ago(minutes));

    expect((await ask(mobile)).status).toBe(202);
  });

  it('lets a small share of probes through, and resumes once they are used', async () => {
    const probe = numberThat(true);
    await convert(probe, 20, 0);

    const answers = [
      await ask(probe),
      await ask(neighbourOf(probe)),
      await ask(neighbourOf(probe)),
    ];
    await convert(probe, 5, 5);

    expect(answers.map(({ status }) => status)).toEqual([202, 503, 503]);
    expect((await ask(neighbourOf(probe))).status).toBe(202);
  });

  it('draws few probes, and the same ones however often they ask', () => {
    const numbers = Array.from({ length: 4000 }, () => randomMobile() as E164);

    const probes = numbers.filter((mobile) => guard()['isProbe'](mobile));

    expect(probes.length).toBeGreaterThan(100);
    expect(probes.length).toBeLessThan(300);
    expect(probes.filter((mobile) => !guard()['isProbe'](mobile))).toEqual([]);
  });

  it('lets the numbers of a country through, however few of its codes are used', async () => {
    const [minute, sent] = [Math.floor(ago(10).getTime() / MINUTE), 300];
    await app.sql.getRepository(SmsConversion).insert({ scope: 'CN', minute, sent, verified: 0 });

    expect((await ask(randomMobile())).status).toBe(202);
  });

  it('lets networks through from which somebody logged in, and answers alike whose number it is', async () => {
    const { mobile } = await app.logIn(numberThat(false));
    const deliveries = app.sql.getRepository(SmsDelivery);
    await until(async () => (await deliveries.countBy({ verifiedAt: Not(IsNull()) })) > 0);
    await convert(mobile, 20, 0);

    expect((await ask(neighbourOf(mobile), {})).status).toBe(202);
    const strangers = [await ask(mobile), await ask(neighbourOf(mobile))];
    for (const answer of strangers) expectRefusal(answer, 'SMS_PAUSED');
  });

  it('counts a number that is verified again and again once', async () => {
    const { mobile } = await app.logIn();
    const scope = prefixOf(mobile as E164);
    const rows = () => app.sql.getRepository(SmsConversion).findBy({ scope });
    await until(async () => (await rows()).some(({ verified }) => verified > 0));

    await app.sql.getRepository(User).update({ mobile: mobile as E164 }, { verifiedAt: null });
    await lapseCooldown(app, mobile);
    await app.logIn(mobile);
    await app.nest.get(UsedCodesService).flush();

    expect(await rows()).toEqual([expect.objectContaining({ sent: 1, verified: 1 })]);
  });

  it('counts a challenge whose first message failed', async () => {
    const mobile = randomMobile();
    app.inbox.status = 404;
    await ask(mobile);
    app.inbox.status = 200;
    await ask(mobile);

    const scope = prefixOf(mobile as E164);
    const rows = await app.sql.getRepository(SmsConversion).findBy({ scope });
    expect(rows).toEqual([expect.objectContaining({ sent: 1, verified: 0 })]);
  });

  it('counts a challenge of a fresh number once, and when its code is used', async () => {
    const { mobile } = await app.logIn();
    const scope = prefixOf(mobile as E164);
    const rows = () => app.sql.getRepository(SmsConversion).findBy({ scope });

    await until(async () => (await rows()).some(({ verified }) => verified > 0));

    expect(await rows()).toEqual([expect.objectContaining({ sent: 1, verified: 1 })]);
  });
});

describe.each([
  ['observe', 1],
  ['off', 0],
])('SMS_CONVERSION_GUARD=%s', (mode, reports) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ env: { SMS_CONVERSION_GUARD: mode, CAPTCHA: 'altcha' } });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app.close());

  it.each([
    ['whose codes nobody uses', 0, reports],
    ['whose codes are used too rarely', 6, 0],
  ])('lets fresh numbers of a block through %s', async (_, verified, reported) => {
    const mobile = randomMobile() as E164;
    const error = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    const guard = app.nest.get(ConversionMonitorService);
    for (let count = 0; count < 20; count++) await change(app.sql, guard.sent(mobile, ago(10)));
    for (let count = 0; count < verified; count++) await guard.verified(mobile, ago(10));

    expect((await app.post('/auth/codes', { mobile })).status).toBe(202);
    expect(
      error.mock.calls.filter(([text]) => String(text).includes('would be paused')),
    ).toHaveLength(reported);
  });
});
