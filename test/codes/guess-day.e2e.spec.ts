import { fromNewAddress } from '../support/address';
import type { Answer } from '../support/client';
import { otherThan } from '../support/codes';
import { postCheaply } from '../support/crowd';
import { lapseCode, lapseCooldown, lapseLimit } from '../support/lapse';
import { randomMobile } from '../support/mobile';
import { AT_FULL_SCALE } from '../support/scale';
import { report } from '../support/simulation';
import { LAST_MODE } from '../support/stores';
import { type LoggedIn, TestApp } from '../support/test-app';

const ADDRESSES = AT_FULL_SCALE ? 1000 : 100;
const HOURS = 24;
const TURNS = Math.ceil(ADDRESSES / HOURS);
/** More turns than fit into the life of a code. */
const LIFE = 4;
/** A day and number, for all strangers together. */
const CODES = 8;
const PATIENCE = 120_000;

describe.each(LAST_MODE)('a day of asking for codes and guessing (%s)', (mode) => {
  let app: TestApp;
  let owner: LoggedIn;
  let attack: Attack;
  let ownerStatuses: number[];

  beforeAll(async () => {
    app = await TestApp.start({ mode, env: { TRUST_PROXY: '1' } });
    owner = await app.logIn();
    await lapseCooldown(app, owner.mobile);
    await lapseLimit(app, 'codes-per-number', owner.mobile);
    attack = new Attack(app, owner.mobile);
    ownerStatuses = [];
    for (let hour = 0; hour < HOURS; hour++) {
      await attack.goOnForAnHour();
      if (hour % 6 === 5) ownerStatuses.push((await logInAsOwner()).status);
    }
  }, PATIENCE);
  afterAll(() => app.close());

  const ask = (body: object = {}) =>
    app.post('/auth/codes', { mobile: owner.mobile, ...body }, fromNewAddress());
  const present = (body: object) =>
    app.post('/auth/tokens', { mobile: owner.mobile, ...body }, fromNewAddress());

  /** As if a minute had passed since it last did. */
  const askOnDevice = async () => {
    const { device_token } = owner;
    await lapseLimit(app, 'code-cooldown', device_token.split('.')[0]!);
    return ask({ device_token });
  };

  /** With the newest token, as an app would that keeps it. */
  const logInAsOwner = async (): Promise<Answer> => {
    const { device_token } = owner;
    const asked = await askOnDevice();
    if (asked.status !== 202) return asked;
    const answer = await present({ device_token, code: app.inbox.codeFor(owner.mobile) });
    if (answer.status === 201) owner = { ...owner, ...answer.body };
    return answer;
  };

  it('rule 7: sends eight codes to all addresses, and lets none of them in', () => {
    const { addresses, sent, loggedIn, refused } = attack;

    expect(addresses.size).toBe(ADDRESSES);
    expect([sent, loggedIn]).toEqual([CODES, 0]);
    expect(refused).toEqual(new Set([429]));
  });

  it('rule 7: lets the device of the owner in all day long', () => {
    report({
      row: '12',
      attack: `a day of asking and guessing at one number, from ${ADDRESSES} addresses`,
      honest: [ownerStatuses.filter((status) => status === 201).length, 4],
      messages: attack.sent,
      gain: `${attack.loggedIn} logins`,
    });
    expect(ownerStatuses).toEqual([201, 201, 201, 201]);
  });

  it('rule 7: is exhausted for everybody but that device, which logs in still', async () => {
    await askOnDevice();
    const code = app.inbox.codeFor(owner.mobile);
    for (let guess = 1; guess <= 5; guess++) await present({ code: otherThan(code, guess) });
    const stranger = [await ask(), await present({ code })];

    const answer = await present({ code, device_token: owner.device_token });

    // It was right, and is not judged any more.
    expect(stranger.map(({ status }) => status)).toEqual([429, 400]);
    expect(answer.status).toBe(201);
  });

  it.each<[string, (own: string, foreign: string) => string]>([
    ['a token of another number', (_own, foreign) => foreign],
    ['a token with another id', (own) => flipped(own, 0)],
    ['a token with another signature', (own) => flipped(own, own.length - 5)],
    ['a token with another secret', (own) => flipped(own, own.indexOf('.') + 1)],
    ['a token without signature', (own) => own.replace(/[^.]+$/, '')],
    ['an access token', () => owner.token.slice(0, 128)],
    ['the number itself', () => owner.mobile],
    ['garbage', () => '\u0000.1.☎'],
    ['nothing', () => ''],
  ])('rule 7: is not helped by %s', async (_what, forge) => {
    const { device_token: foreign } = await app.logIn(randomMobile());
    const device_token = forge(owner.device_token, foreign);

    const asked = await ask({ device_token });
    const guessed = await present({ device_token, code: app.inbox.codeFor(owner.mobile) });

    expect([asked.status, guessed.status]).toEqual([429, 400]);
  });
});

/** Every address asks for a code and guesses one, in turn. What is refused is not waited for. */
class Attack {
  readonly addresses = new Set<string>();
  readonly refused = new Set<number>();
  sent = 0;
  loggedIn = 0;
  private turnsSinceCode = 0;

  constructor(
    private readonly app: TestApp,
    private readonly mobile: string,
  ) {}

  async goOnForAnHour(): Promise<void> {
    const last = Math.min(this.addresses.size + TURNS, ADDRESSES);
    for (let index = this.addresses.size; index < last; index++) {
      await this.passAMinute();
      await this.takeTurn(`10.${8 + (index >> 8)}.${index & 255}.7`);
    }
  }

  /** And a little more: there are fewer turns than minutes. */
  private async passAMinute(): Promise<void> {
    await lapseCooldown(this.app, this.mobile);
    this.turnsSinceCode += 1;
    if (this.turnsSinceCode === LIFE) await lapseCode(this.app, this.mobile, 300);
  }

  private async takeTurn(address: string): Promise<void> {
    this.addresses.add(address);
    const asked = await this.post('/auth/codes', address);
    if (asked.status === 202) {
      this.sent += 1;
      this.turnsSinceCode = 0;
    } else this.refused.add(asked.status);
    const guessed = await this.post('/auth/tokens', address, { code: this.wrongCode() });
    if (guessed.status === 201) this.loggedIn += 1;
    else if (guessed.status !== 400) this.refused.add(guessed.status);
  }

  private post(path: string, address: string, body: object = {}) {
    const request = { mobile: this.mobile, ...body };
    return postCheaply(this.app.baseUrl + path, request, { 'x-forwarded-for': address });
  }

  /** The attack is to fail for its limits, not by luck. */
  private wrongCode(): string {
    return otherThan(this.app.inbox.codeFor(this.mobile), this.addresses.size);
  }
}

function flipped(token: string, index: number): string {
  return token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1);
}
