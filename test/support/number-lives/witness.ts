import { userIdOf } from '../jwt';
import { PEOPLE, type Person } from './deeds';
import type { Held } from './held-numbers';

/** What a person reads of an account. */
export interface Read {
  readonly id: string;
  readonly profile: { readonly introduction: string | null };
}

/** What each of them has done for what they get, and what should not have happened. */
export class Witness {
  readonly problems: string[] = [];
  /** By account: who has set its password. */
  private readonly setters = new Map<string, Set<Person>>();
  /** By account: numbers whose code was shown in it by who held the phone. */
  private readonly shown = new Map<string, Set<string>>();
  /** By number: accounts that get it from an operator, once its holder shows the code. */
  private readonly ordered = new Map<string, Set<string>>();
  /** Accounts that they got into with a phone in their hand, by a password of theirs, or by a stolen session. */
  private readonly entered = new Map<Person, Set<string>>(PEOPLE.map((one) => [one, new Set()]));
  /** By account that was given away: who has entered it since. */
  private readonly heirs = new Map<string, Set<Person>>();
  /** By account: who has entered it in this round, perhaps after it was given away in the same. */
  private readonly lately = new Map<string, Set<Person>>();

  beginRound(): void {
    this.lately.clear();
  }

  get accounts(): string[] {
    return [...this.shown.keys()];
  }

  enters(person: Person, token: string, mobile: string): void {
    this.getsIn(person, token);
    this.shows(token, mobile);
  }

  /** By a session that was opened by somebody else, perhaps. */
  getsIn(person: Person, token: string): void {
    const account = userIdOf(token);
    this.entered.get(person)!.add(account);
    this.heirs.get(account)?.add(person);
    add(this.lately, account, person);
  }

  entersByPassword(person: Person, token: string): void {
    if (this.setters.get(userIdOf(token))?.has(person)) this.getsIn(person, token);
  }

  setsPassword(person: Person, token: string): void {
    add(this.setters, userIdOf(token), person);
  }

  shows(token: string, mobile: string): void {
    add(this.shown, userIdOf(token), mobile);
  }

  isOrdered(account: string, mobile: string): void {
    add(this.ordered, mobile, account);
  }

  /** Before it is known what comes of it. */
  showsCode(mobile: string): void {
    for (const account of this.ordered.get(mobile) ?? []) add(this.shown, account, mobile);
  }

  inherits(person: Person, token: string, mobile: string): void {
    const account = userIdOf(token);
    this.heirs.set(account, new Set(this.lately.get(account)));
    this.setters.delete(account);
    this.enters(person, token, mobile);
  }

  /** No number is an account's whose holder has not shown it there, and none two accounts'. */
  sees(held: readonly Held[]): void {
    for (const { id, mobile } of held) {
      if (!this.shown.get(id)?.has(mobile))
        this.problems.push(`account ${id} has a number that nobody has shown to it`);
    }
    for (const field of ['id', 'mobile'] as const) {
      const all = held.map((one) => one[field]);
      const twice = all.filter((one, index) => all.indexOf(one) < index);
      for (const one of twice) this.problems.push(`${field} ${one} is there twice`);
    }
  }

  /** Nobody reads an account that they have not got into, nor what was written in it before they inherited it. */
  reads(person: Person, { id, profile: { introduction } }: Read): void {
    const heirs = this.heirs.get(id);
    const isOld = introduction !== null && heirs && !heirs.has(introduction as Person);
    if (!this.entered.get(person)!.has(id) || isOld)
      this.problems.push(`${person} reads the profile of ${introduction} in ${id}`);
  }
}

function add<T>(to: Map<string, Set<T>>, key: string, value: T): void {
  to.set(key, (to.get(key) ?? new Set()).add(value));
}
