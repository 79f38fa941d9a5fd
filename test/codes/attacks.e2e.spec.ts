import { randomUUID } from 'node:crypto';
import { CodeGrantsService } from '../../src/auth/code-grants.service';
import { type E164, prefixOf } from '../../src/common/phone-number';
import { SmsConversion } from '../../src/sms/sms-conversion.entity';
import { User } from '../../src/users/user.entity';
import { solve } from '../support/altcha';
import { otherThan } from '../support/codes';
import { crowd, type CrowdAnswer, postCheaply } from '../support/crowd';
import { userIdOf } from '../support/jwt';
import { lapseCooldown } from '../support/lapse';
import { numbersOfBlock, randomMobile } from '../support/mobile';
import { AT_FULL_SCALE } from '../support/scale';
import { report } from '../support/simulation';
import { LAST_MODE } from '../support/stores';
import { TestApp } from '../support/test-app';

const OWNERS = AT_FULL_SCALE ? 150 : 30;
const USERS = 20;
/** Home connections of attackers. */
const ATTACKERS = ['20.1.0.7', '21.1.0.7', '22.1.0.7'];
const homeOf = (owner: number) => `100.${64 + (owner >> 4)}.${(owner & 15) << 4}.1`;

const served = (statuses: number[]) => statuses.filter((status) => status < 300).length;

interface Phone {
  readonly mobile: string;
  readonly address: string;
}

describe.each(LAST_MODE)('attacks beside honest users (%s)', (mode) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1', CAPTCHA: 'altcha' } });
  });
  afterAll(() => app.close());

  const post = (path: string, address: string, body: object) =>
    postCheaply(app.baseUrl + path, body, { 'x-forwarded-for': address });
  const ask = ({ mobile, address }: Phone, more: object = {}) =>
    post('/auth/codes', address, { mobile, ...more });
  const enter = async ({ mobile, address }: Phone, code: string, more: object = {}) =>
    (await post('/auth/tokens', address, { mobile, code, ...more })).status;
  /** As a client that solves the captcha when it is asked to. */
  const askAsUser = async (phone: Phone): Promise<CrowdAnswer> => {
    const answer = await ask(phone);
    if (answer.status !== 428) return answer;
    const { body } = await post('/auth/captcha', phone.address, { mobile: phone.mobile });
    return ask(phone, { captcha: solve(body) });
  };
  const logIn = async (phone: Phone) => {
    const { status } = await askAsUser(phone);
    return status === 202 ? enter(phone, app.inbox.codeFor(phone.mobile)) : status;
  };
  const messagesFrom = async (attack: () => Promise<unknown>) => {
    const before = app.inbox.messages.length;
    await attack();
    return app.inbox.messages.length - before;
  };

  it('rule 21: row 4: ten wrong codes for each of many numbers shut no owner out', async () => {
    const owners = Array.from({ length: OWNERS }, (_, owner) => ({
      mobile: randomMobile(),
      address: homeOf(owner),
    }));
    // Half of them have asked, and look at their phones.
    await crowd(OWNERS / 2, (owner) => ask(owners[owner]!));

    const messages = await messagesFrom(() =>
      crowd(OWNERS * 11, (index) => {
        const { mobile } = owners[index % OWNERS]!;
        const phone = { mobile, address: ATTACKERS[index % 3]! };
        const code = String(index).padStart(6, '0');
        return index < OWNERS ? ask(phone) : enter(phone, code).then(() => undefined);
      }),
    );
    const statuses = await crowd(OWNERS, (owner) => {
      const phone = owners[owner]!;
      return owner < OWNERS / 2 ? enter(phone, app.inbox.codeFor(phone.mobile)) : logIn(phone);
    });

    report({
      row: '4',
      attack: `10 wrong codes for each of ${OWNERS} numbers, and asking for them`,
      honest: [served(statuses), OWNERS],
      messages,
      gain: 'no owner shut out',
    });
    expect(statuses).toEqual(Array(OWNERS).fill(201));
  }, 120_000);

  it('rule 21: row 5: tokens of the former owner of a number are worth nothing', async () => {
    const former = await app.logIn();
    const { mobile } = former;
    const kept = [former.device_token];
    for (let device = 0; device < 2; device++) {
      await lapseCooldown(app, mobile);
      kept.push((await app.logIn(mobile)).device_token);
    }
    await app.sql.getRepository(User).delete({ id: userIdOf(former.token) });
    const owner = { mobile, address: homeOf(200) };
    await askAsUser(owner);
    const code = app.inbox.codeFor(mobile);

    // Strangers have five guesses; what is right after them is not judged any more.
    for (let guess = 1; guess <= 5; guess++)
      await enter({ mobile, address: `23.1.${guess}.7` }, otherThan(code, guess));
    const judged = await crowd(kept.length * 4, (index) =>
      enter({ mobile, address: `24.${index}.0.7` }, code, { device_token: kept[index % 3] }),
    );
    const status = await enter(owner, code);

    report({
      row: '5',
      attack: 'guesses with three device tokens that a former owner kept',
      honest: [served([status]), 1],
      messages: 0,
      gain: `${served(judged)} guesses judged`,
    });
    expect([served(judged), status]).toEqual([0, 201]);
  });

  it('rule 21: row 8: a paused prefix is answered alike for numbers of users and others', async () => {
    const block = numbersOfBlock();
    const numbers = Array.from({ length: 12 }, () => block.next().value);
    await crowd(6, (one) =>
      app.nest
        .get(CodeGrantsService)
        .forMobile(
          { mobile: numbers[one] as E164, challengeId: randomUUID().replaceAll('-', '') },
          { address: homeOf(one) },
        ),
    );
    const minute = Math.floor(Date.now() / 60_000) - 10;
    const scope = prefixOf(numbers[0] as E164);
    await app.sql.getRepository(SmsConversion).insert({ scope, minute, sent: 40, verified: 0 });
    const prober = '25.1.0.7';
    await crowd(16, () => ask({ mobile: randomMobile(), address: prober }));
    let answers: string[] = [];

    const messages = await messagesFrom(async () => {
      const given = await crowd(12, (one) => ask({ mobile: numbers[one]!, address: prober }));
      answers = given.map(({ status, body }) => `${status} ${body.errorCode}`);
    });
    const users = await crowd(6, (one) => logIn({ mobile: numbers[one]!, address: homeOf(one) }));

    report({
      row: '8',
      attack: 'probing a paused prefix for numbers of users',
      honest: [served(users), 6],
      messages,
      gain: `${new Set(answers).size} kind of answer`,
    });
    expect(new Set(answers)).toEqual(new Set(['428 CAPTCHA_REQUIRED']));
    expect(users).toEqual(Array(6).fill(201));
  });

  it('rule 21: row 9: a network that asks again and again leaves messages for the owner on a new phone', async () => {
    const owners = Array.from({ length: USERS }, (_, owner) => ({
      mobile: randomMobile(),
      address: homeOf(300 + owner),
    }));

    const messages = await messagesFrom(() =>
      crowd(USERS * 10, async (index) => {
        const { mobile } = owners[index % USERS]!;
        await ask({ mobile, address: `26.1.0.${1 + Math.floor(index / USERS)}` });
      }),
    );
    const statuses = await crowd(USERS, (owner) => logIn(owners[owner]!));

    report({
      row: '9',
      attack: 'one network asks ten times for each of 20 numbers',
      honest: [served(statuses), USERS],
      messages,
      gain: `${messages} messages, paid by the day's share of its network`,
    });
    expect(statuses).toEqual(Array(USERS).fill(201));
  }, 60_000);

  it('rule 21: row 10: answers to captchas from elsewhere count for the network that redeems them', async () => {
    const farmer = '27.1.0.7';
    // Beyond those that need none.
    const numbers = Array.from({ length: 17 }, () => randomMobile());
    // One after the other: the work would keep this process from answering.
    const answers: string[] = [];
    for (const [index, mobile] of numbers.entries()) {
      const { body } = await post('/auth/captcha', `28.${index}.0.7`, { mobile });
      answers.push(solve(body));
    }

    const messages = await messagesFrom(async () => {
      await crowd(15, () => ask({ mobile: randomMobile(), address: farmer }));
      await crowd(numbers.length, (index) =>
        ask({ mobile: numbers[index]!, address: farmer }, { captcha: answers[index] }),
      );
    });
    const users = await crowd(USERS, (user) =>
      logIn({ mobile: randomMobile(), address: homeOf(400 + user) }),
    );

    report({
      row: '10',
      attack: 'captchas fetched and solved elsewhere, redeemed by one address',
      honest: [served(users), USERS],
      messages,
      gain: `${messages} messages an hour at most`,
    });
    // What the others would take is harder than what was solved.
    expect(messages).toBe(15 + 10);
    expect(users).toEqual(Array(USERS).fill(201));
  });
});
