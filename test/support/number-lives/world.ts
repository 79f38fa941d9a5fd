import { otherThan } from '../codes';
import { userIdOf } from '../jwt';
import type { TestApp } from '../test-app';
import { arrive } from './arrivals';
import {
  type AtAPhone,
  type Deed,
  HOLDERS,
  type InSession,
  type Life,
  PASSWORD_OF,
  PEOPLE,
  type Person,
} from './deeds';
import { Fate } from './fate';
import { heldOf } from './held-numbers';
import { Requests } from './requests';
import { Witness } from './witness';

/** Two users and a thief, with phones that change hands. */
export class World {
  private readonly holders = [...HOLDERS];
  private readonly tokens = new Map<Person, string>();
  private readonly deviceTokens = new Map<Person, string>();
  private readonly asked = new Map<Person, { id: string; phone: number }>();
  private readonly fate: Fate;
  private readonly requests: Requests;
  private readonly witness = new Witness();

  /** @param numbers of the phones: nobody else's. */
  constructor(
    private readonly app: TestApp,
    private readonly numbers: readonly string[],
  ) {
    this.fate = new Fate(app);
    this.requests = new Requests(app.baseUrl);
  }

  get accounts(): string[] {
    return this.witness.accounts;
  }

  /** @returns what should not have happened. */
  async run(life: Life): Promise<string[]> {
    await this.arrive('ann', 0);
    await this.arrive('ben', 1);
    for (const round of life) {
      this.witness.beginRound();
      const before = new Map(this.tokens);
      await Promise.all(round.map((one) => this.live(one)));
      this.witness.sees(await heldOf(this.app, this.numbers));
      const isNew = (one: Person) => this.tokens.get(one) !== before.get(one);
      const isGiven = round.some(({ kind }) => kind === 'say mine');
      await this.look(isGiven ? PEOPLE : PEOPLE.filter(isNew));
    }
    return this.witness.problems;
  }

  private async arrive(person: Person, place: number): Promise<void> {
    const token = await arrive(this.app, this.numbers[place]!, person);
    this.tokens.set(person, token);
    this.witness.enters(person, token, this.numbers[place]!);
  }

  private live(one: Deed): unknown {
    if ('who' in one && 'phone' in one) return this.atAPhone[one.kind](one.who, one.phone);
    if ('who' in one) {
      const token = this.tokens.get(one.who);
      return token && this.inSession[one.kind](one.who, token);
    }
    if (one.kind === 'release') return this.fate.release(this.numbers[one.phone]!);
    const { accounts } = this.witness;
    return one.kind === 'a week' ? this.fate.letAWeekPass(accounts) : this.fate.keepAway(accounts);
  }

  private readonly atAPhone: Record<AtAPhone['kind'], (who: Person, phone: number) => unknown> = {
    'log in': (who, phone) => this.enter(who, phone),
    'log in by password': (who, phone) => this.enterByPassword(who, phone),
    ask: (who, phone) => this.ask(who, phone),
    undo: (who, phone) => this.undo(who, phone),
    'undo by password': (who, phone) =>
      this.requests.takeBack({ mobile: this.numbers[phone], password: PASSWORD_OF[who] }),
    'say mine': (who, phone) => this.answer(who, phone, true),
    'say not mine': (who, phone) => this.answer(who, phone, false),
    order: (who, phone) => this.order(who, phone),
    // Whoever gets a phone gets the account that has its number: that is no matter of this.
    take: (who, phone) => (this.holders[phone] = who),
  };

  private readonly inSession: Record<InSession['kind'], (who: Person, token: string) => unknown> = {
    prove: (who, token) => this.prove(who, token),
    cancel: (_, token) => this.cancel(token),
    'cancel by device': (who) =>
      this.requests.takeBack({ device_token: this.deviceTokens.get(who) ?? 'none' }),
    confirm: (who, token) =>
      this.requests.confirm(token, this.asked.get(who)?.id ?? '0', PASSWORD_OF[who]),
    'set password': (who, token) => this.setPassword(who, token),
    edit: (who, token) => this.requests.edit(token, who),
    delete: (_, token) => this.requests.remove(token),
    'log out': (_, token) => this.requests.logOut(token),
    steal: (_, token) => this.steal(token),
  };

  /** The newest code on a phone, for who holds it; whoever does not guesses. */
  private codeOn(person: Person, place: number): string {
    const code = this.app.inbox.codeFor(this.numbers[place]!);
    return this.holders[place] === person ? code : otherThan(code);
  }

  /** Goes in where that is so simple. @returns what was answered otherwise. */
  private async enter(person: Person, place: number) {
    const mobile = this.numbers[place]!;
    if ((await this.requests.code(mobile)).status !== 202) return undefined;
    const isHolder = this.holders[place] === person;
    if (isHolder) this.witness.showsCode(mobile);
    const { status, body } = await this.requests.logIn(mobile, this.codeOn(person, place));
    if (!isHolder && (status === 201 || body.ticket))
      this.witness.problems.push(`${person} got in by a guess`);
    if (status !== 201) return body;
    this.keep(person, body);
    this.witness.enters(person, body.token, mobile);
    return undefined;
  }

  private keep(person: Person, session: { token: string; device_token: string }): void {
    this.tokens.set(person, session.token);
    this.deviceTokens.set(person, session.device_token);
  }

  private async enterByPassword(person: Person, place: number): Promise<void> {
    const password = PASSWORD_OF[person];
    const { status, body } = await this.requests.logInByPassword(this.numbers[place]!, password);
    if (status !== 201) return;
    this.tokens.set(person, body.token);
    this.witness.entersByPassword(person, body.token);
  }

  private async setPassword(person: Person, token: string): Promise<void> {
    this.witness.setsPassword(person, token);
    await this.requests.setPassword(token, PASSWORD_OF[person]);
  }

  private async undo(person: Person, place: number): Promise<void> {
    const refusal = await this.enter(person, place);
    if (refusal?.ticket) await this.requests.takeBack({ ticket: refusal.ticket });
  }

  /** Whose the account of a number is that may have changed hands. */
  private async answer(person: Person, place: number, mine: boolean): Promise<void> {
    const { errorCode, ticket } = (await this.enter(person, place)) ?? {};
    if (errorCode !== 'NUMBER_PERHAPS_REASSIGNED') return;
    const { status, body } = await this.requests.answer(ticket, mine);
    if (status !== 201) return;
    this.keep(person, body);
    this.witness[mine ? 'inherits' : 'enters'](person, body.token, this.numbers[place]!);
  }

  /** For the account that somebody is in. */
  private async order(person: Person, place: number): Promise<void> {
    const token = this.tokens.get(person);
    if (!token) return;
    const [account, mobile] = [userIdOf(token), this.numbers[place]!];
    this.witness.isOrdered(account, mobile);
    await this.fate.order(account, mobile);
  }

  private async ask(person: Person, place: number): Promise<void> {
    const { body } = await this.requests.ask(this.tokens.get(person), this.numbers[place]!);
    if (body.id) this.asked.set(person, { id: body.id, phone: place });
  }

  private async prove(person: Person, token: string): Promise<void> {
    const asked = this.asked.get(person);
    if (!asked) return;
    // Before the answer: another one may look at the account meanwhile.
    if (this.holders[asked.phone] === person) this.witness.shows(token, this.numbers[asked.phone]!);
    await this.requests.prove(token, asked.id, this.codeOn(person, asked.phone));
  }

  private async cancel(token: string): Promise<void> {
    const id = await this.requests.activeOf(token);
    if (id) await this.requests.cancel(token, id);
  }

  /** The thief has the session of somebody, as if it were theirs. */
  private steal(token: string): void {
    this.tokens.set('thief', token);
    this.witness.getsIn('thief', token);
  }

  private async look(people: readonly Person[]): Promise<void> {
    const looks = people.map(async (person) => {
      const { status, body } = await this.requests.me(this.tokens.get(person));
      if (status === 200) this.witness.reads(person, body);
    });
    await Promise.all(looks);
  }
}
