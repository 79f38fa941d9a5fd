import * as fc from 'fast-check';
import { ErasureService } from '../../src/auth/deletion/erasure.service';
import { BY_SYSTEM } from '../../src/audit/change';
import { ReleasedNumbersService } from '../../src/auth/recycled-numbers/released-numbers.service';
import type { E164 } from '../../src/common/phone-number';
import { MobileChangeJobsService } from '../../src/auth/mobile-changes/mobile-change-jobs.service';
import { MobileChange } from '../../src/users/mobile-change.entity';
import { RESERVED } from '../../src/users/reserved-number';
import { User } from '../../src/users/user.entity';
import { In, IsNull, Not } from 'typeorm';
import { otherThan } from './codes';
import { userIdOf } from './jwt';
import { randomMobile } from './mobile';
import type { TestApp } from './test-app';

/** So that nothing is refused but for what it is. */
const LIMITS = [
  'code-cooldown=9999/1h',
  'codes-per-number=9999/1h',
  'codes-per-number-and-network=9999/1h',
  'codes-per-address=999999/1h',
  'fresh-codes=999999/1h',
  'fresh-codes-per-country=999999/1h',
  'guesses-per-address=999999/1h',
  'guesses-per-request=9999/1h',
  'guesses-per-number-and-network=9999/1h',
  'guesses-per-number=9999/1h',
  'mobile-changes-per-user=999/1h',
  'undos-per-number=9999/1h',
  'password-changes-per-user=9999/1h',
  'password-checks-per-address=999999/1h',
  'passwords-per-address=999999/1h',
  'reassignments-per-number=9999/1h',
].join();

export const LIVELY = { LIMITS, DELETION_GRACE: '0s', SMS_BUDGET_DAILY: '1000000' };

const PEOPLE = ['ann', 'ben', 'thief'] as const;
type Person = (typeof PEOPLE)[number];

const PASSWORD_OF: Record<Person, string> = {
  ann: 'correct horse battery',
  ben: 'staple of the stable',
  thief: 'crowbar and a lantern',
};

interface CodeEntry {
  readonly token: string;
  readonly device_token: string;
}

/** What one of them does; a phone is meant by its place. */
type Deed =
  | {
      kind:
        | 'logIn'
        | 'logInByPassword'
        | 'ask'
        | 'undo'
        | 'undoByPassword'
        | 'yes'
        | 'no'
        | 'hand over';
      who: Person;
      phone: number;
    }
  | { kind: 'release'; phone: number }
  | {
      kind: 'prove' | 'cancel' | 'cancelByDevice' | 'setPassword' | 'delete' | 'steal' | 'log out';
      who: Person;
    }
  | { kind: 'wait' | 'sleep' };

/** Rounds, of deeds that happen at the same time. */
export type Life = readonly (readonly Deed[])[];

const who = fc.constantFrom(...PEOPLE);
const phone = fc.nat(3);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('logIn' as const), who, phone }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('ask' as const, 'undo' as const), who, phone }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('prove' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('logInByPassword' as const, 'undoByPassword' as const),
      who,
      phone,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'cancel' as const,
        'cancelByDevice' as const,
        'setPassword' as const,
        'delete' as const,
        'steal' as const,
        'log out' as const,
      ),
      who,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hand over' as const), who, phone }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('yes' as const, 'no' as const), who, phone }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), phone }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('wait' as const, 'sleep' as const) }),
  },
);

export const lives = (rounds: number): fc.Arbitrary<Life> =>
  fc.array(fc.array(deed, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: rounds });

/** Two users and a thief, with four phones that change hands, and what each of them has done for what they get. */
export class NumberLives {
  private readonly numbers = Array.from({ length: 4 }, randomMobile);
  private readonly holders: Person[] = ['ann', 'ben', 'thief', 'thief'];
  private readonly tokens = new Map<Person, string>();
  private readonly deviceTokens = new Map<Person, string>();
  /** By account: who has set its password. */
  private readonly setters = new Map<string, Set<Person>>();
  private readonly asked = new Map<Person, { id: string; phone: number }>();
  /** By account: numbers whose code was shown in it by who held the phone. */
  private readonly shown = new Map<string, Set<string>>();
  /** By person: accounts that they got into with a phone in their hand, or by a stolen session. */
  private readonly entered = new Map<Person, Set<string>>(PEOPLE.map((one) => [one, new Set()]));
  private readonly problems: string[] = [];

  constructor(private readonly app: TestApp) {}

  /** @returns what should not have happened. */
  async run(life: Life): Promise<string[]> {
    await this.enter('ann', 0);
    await this.enter('ben', 1);
    for (const person of ['ann', 'ben'] as const)
      await this.app.patch('/users/me', { introduction: person }, this.as(person));
    for (const round of life) {
      await Promise.all(round.map((one) => this.live(one)));
      await this.inspect();
    }
    return this.problems;
  }

  private live(one: Deed): unknown {
    switch (one.kind) {
      case 'logIn':
        return this.enter(one.who, one.phone);
      case 'logInByPassword':
        return this.enterByPassword(one.who, one.phone);
      case 'undo':
        return this.undo(one.who, one.phone);
      case 'undoByPassword':
        return this.takeBack({ mobile: this.numbers[one.phone], password: PASSWORD_OF[one.who] });
      case 'cancelByDevice':
        return this.takeBack({ device_token: this.deviceTokens.get(one.who) ?? 'none' });
      case 'setPassword':
        return this.setPassword(one.who);
      case 'ask':
        return this.ask(one.who, one.phone);
      case 'prove':
        return this.prove(one.who);
      case 'cancel':
        return this.cancel(one.who);
      case 'delete':
        return this.app.delete('/users/me', this.as(one.who));
      case 'log out':
        return this.app.delete('/auth/tokens', this.as(one.who));
      case 'steal':
        return this.steal(one.who);
      case 'yes':
      case 'no':
        return this.answer(one.who, one.phone, one.kind === 'yes');
      case 'release':
        return this.release(one.phone);
      case 'sleep':
        return this.sleep();
      case 'hand over':
        return this.handOver(one.who, one.phone);
      default:
        return this.wait();
    }
  }

  private as = (person: Person) => ({ token: this.tokens.get(person) ?? 'none' });

  /** The newest code on a phone, for who holds it; whoever does not guesses. */
  private codeOn(person: Person, place: number): string {
    const code = this.app.inbox.codeFor(this.numbers[place]!);
    return this.holders[place] === person ? code : otherThan(code);
  }

  private async proveNumber(person: Person, place: number) {
    const mobile = this.numbers[place]!;
    const { status } = await this.app.post('/auth/codes', { mobile });
    if (status !== 202) return { status, body: undefined };
    const isHolder = this.holders[place] === person;
    const answer = await this.app.post('/auth/tokens', {
      mobile,
      code: this.codeOn(person, place),
    });
    if (!isHolder && (answer.status === 201 || answer.body?.ticket))
      this.problems.push(`${person} got in by a guess`);
    return answer;
  }

  private async enter(person: Person, place: number): Promise<void> {
    const { status, body } = await this.proveNumber(person, place);
    if (status === 201) this.noteEntry(person, place, body);
  }

  private async enterByPassword(person: Person, place: number): Promise<void> {
    const login = { mobile: this.numbers[place], password: PASSWORD_OF[person] };
    const { status, body } = await this.app.post('/auth/login', login);
    if (status !== 201) return;
    this.tokens.set(person, body.token);
    if (this.setters.get(userIdOf(body.token))?.has(person)) {
      this.entered.get(person)!.add(userIdOf(body.token));
    }
  }

  private async setPassword(person: Person): Promise<void> {
    const { token } = this.as(person);
    if (token === 'none') return;
    const account = userIdOf(token);
    this.setters.set(account, (this.setters.get(account) ?? new Set()).add(person));
    await this.app.put('/users/me/password', { password: PASSWORD_OF[person] }, { token });
  }

  private noteEntry(person: Person, place: number, { token, device_token }: CodeEntry): void {
    this.tokens.set(person, token);
    this.deviceTokens.set(person, device_token);
    this.entered.get(person)!.add(userIdOf(token));
    this.noteShown(userIdOf(token), place);
  }

  private noteShown(account: string, place: number): void {
    const numbers = this.shown.get(account) ?? new Set();
    this.shown.set(account, numbers.add(this.numbers[place]!));
  }

  private async undo(person: Person, place: number): Promise<void> {
    const { status, body } = await this.proveNumber(person, place);
    if (status === 201) this.noteEntry(person, place, body);
    if (status === 409) await this.takeBack({ ticket: body.ticket });
  }

  private takeBack(claim: object) {
    return this.app.post('/auth/mobile-changes/undo', claim);
  }

  /** Whose the account of a number is that may have changed hands. One that goes on has nothing of another in it. */
  private async answer(person: Person, place: number, mine: boolean): Promise<void> {
    const { status, body } = await this.proveNumber(person, place);
    if (status === 201) this.noteEntry(person, place, body);
    if (body?.errorCode !== 'NUMBER_PERHAPS_REASSIGNED') return;
    const answer = await this.app.post('/auth/tokens/reassigned', { ticket: body.ticket, mine });
    if (answer.status !== 201) return;
    const { token } = answer.body;
    const me = await this.app.get('/users/me', { token });
    const { introduction } = me.body.profile ?? {};
    if (introduction) this.problems.push(`${person} reads the profile of ${introduction}`);
    this.noteEntry(person, place, answer.body);
  }

  private async release(place: number): Promise<void> {
    const numbers = [this.numbers[place] as E164];
    await this.app.nest.get(ReleasedNumbersService).release(numbers, BY_SYSTEM);
  }

  /** Nobody proves a number for a hundred days. */
  private async sleep(): Promise<void> {
    const verifiedAt = new Date(Date.now() - 100 * 86_400_000);
    const mine = { id: In([...this.shown.keys()]), mobile: Not(IsNull()) };
    await this.app.sql.getRepository(User).update(mine, { verifiedAt });
  }

  private async ask(person: Person, place: number): Promise<void> {
    const mobile = this.numbers[place]!;
    const { body } = await this.app.post('/users/me/mobile-changes', { mobile }, this.as(person));
    if (body.id) this.asked.set(person, { id: body.id, phone: place });
  }

  private async prove(person: Person): Promise<void> {
    const asked = this.asked.get(person);
    if (!asked) return;
    const isHolder = this.holders[asked.phone] === person;
    const { token } = this.as(person);
    const code = this.codeOn(person, asked.phone);
    const path = `/users/me/mobile-changes/${asked.id}`;
    // Before the answer: another one may look at the account meanwhile.
    if (isHolder && token !== 'none') this.noteShown(userIdOf(token), asked.phone);
    await this.app.put(path, { code }, { token });
  }

  private async cancel(person: Person): Promise<void> {
    const { body } = await this.app.get('/users/me/mobile-changes', this.as(person));
    if (!Array.isArray(body) || !body[0]) return;
    await this.app.delete(`/users/me/mobile-changes/${body[0].id}`, this.as(person));
  }

  /** The thief has the session of somebody, as if it were theirs. */
  private steal(victim: Person): void {
    const token = this.tokens.get(victim);
    if (!token) return;
    this.tokens.set('thief', token);
    this.entered.get('thief')!.add(userIdOf(token));
  }

  /** Whoever gets a phone gets the account that has its number: that is no matter of this. */
  private handOver(to: Person, place: number): void {
    this.holders[place] = to;
  }

  private async wait(): Promise<void> {
    const mine = { userId: In([...this.shown.keys()]), dueAt: Not(IsNull()) };
    await this.app.sql.getRepository(MobileChange).update(mine, { dueAt: new Date(0) });
    await this.app.nest.get(MobileChangeJobsService).workOff();
    await this.app.nest.get(ErasureService).eraseDue();
  }

  private async inspect(): Promise<void> {
    const numbers = In(this.numbers);
    const rows = await this.app.sql.getRepository(User).findBy({ mobile: numbers as never });
    for (const { id, mobile, status } of rows) {
      if ((status as string) === RESERVED || this.shown.get(id)?.has(mobile!)) continue;
      this.problems.push(`account ${id} has a number that nobody has shown to it`);
    }
    for (const account of this.shown.keys()) {
      if (rows.filter(({ id }) => id === account).length > 1)
        this.problems.push(`${account} has two numbers`);
    }
    await Promise.all(PEOPLE.map((person) => this.look(person)));
  }

  private async look(person: Person): Promise<void> {
    const { status, body } = await this.app.get('/users/me', this.as(person));
    if (status === 200 && !this.entered.get(person)!.has(body.id))
      this.problems.push(`${person} reads the profile of ${body.id}`);
  }
}
