import type { Contestant, Entrant } from './contestants/contestant';
import type { Exchange, Invitation, Session } from './exchange';
import { drive } from './load';
import type { Stores } from './stores';

/** Logs in as many at a time as a connection pool has room for. */
const CONNECTIONS = 16;

/** A contestant that is up, with the users, codes and sessions that it was given so far. */
export class Subject {
  private readonly open: Session[] = [];
  private known = 0;
  private newest = 0;
  private blocks = 0;

  private constructor(
    readonly contestant: Contestant,
    private readonly entrant: Entrant,
  ) {}

  static async start(contestant: Contestant, stores: Stores): Promise<Subject> {
    return new Subject(contestant, await contestant.start(stores));
  }

  get name() {
    return this.contestant.name;
  }

  get url() {
    return this.entrant.url;
  }

  get pid() {
    return this.entrant.pid;
  }

  get dialect() {
    return this.entrant.dialect;
  }

  /** So many users who are logged in, each once. */
  async sessions(count: number): Promise<Session[]> {
    const missing = count - this.open.length;
    if (missing > 0) this.open.push(...(await this.logInAll(missing)));
    return this.open.slice(0, count);
  }

  /** So many numbers of users who have not logged in before: with each session and device that one has, a login is more work. */
  async knownMobiles(count: number): Promise<string[]> {
    const mobiles = numbers(KNOWN, this.known, count);
    await this.entrant.data.addUsers(mobiles);
    this.known += count;
    return mobiles;
  }

  /** So many numbers that nobody has logged in with, each of another block of ten thousand than the one before. */
  newMobiles(count: number): string[] {
    const mobiles = Array.from({ length: count }, (_, index) =>
      NEW.concat(digits(((this.newest + index) * BLOCK_APART) % 1e8)),
    );
    this.newest += count;
    return mobiles;
  }

  /** So many numbers of one block that nobody has asked a code for. */
  block(count: number): string[] {
    return numbers(BLOCKS, this.blocks++ * BLOCK_SIZE, count);
  }

  /** Before a run: what its own requests find. @throws WrongAnswers */
  async send(exchanges: Exchange[]): Promise<void> {
    const connections = Math.min(CONNECTIONS, exchanges.length);
    await drive(this, exchanges, { amount: exchanges.length, connections });
  }

  async logins(mobiles: string[]): Promise<Exchange[]> {
    return (await this.invitations(mobiles)).map(this.dialect.logIn);
  }

  /** Numbers that wait for their login, as if each had asked for its code. */
  async invitations(mobiles: string[]): Promise<Invitation[]> {
    const codes = await this.entrant.data.issueCodes(mobiles);
    return mobiles.map((mobile, index) => ({ mobile, code: codes[index]! }));
  }

  countSessions(): Promise<number> {
    return this.entrant.data.countSessions();
  }

  /** In bytes, after a garbage collection. Only Tandem tells. */
  async liveMemory(): Promise<number | undefined> {
    return this.entrant.liveMemory?.();
  }

  stop(): Promise<void> {
    return this.entrant.stop();
  }

  /** Users of their own, whose sessions no other login replaces. */
  private async logInAll(count: number): Promise<Session[]> {
    const mobiles = numbers(LOGGED_IN, this.open.length, count);
    const userIds = await this.entrant.data.addUsers(mobiles);
    const sessions: Session[] = [];
    const exchanges = (await this.logins(mobiles)).map((exchange, index): Exchange => {
      const accepts: Exchange['accepts'] = (status, body) => {
        const isRight = exchange.accepts(status, body);
        if (isRight) sessions[index] = { userId: userIds[index]!, ...this.dialect.sessionOf(body) };
        return isRight;
      };
      return { ...exchange, accepts };
    });
    await this.send(exchanges);
    return sessions;
  }
}

const [LOGGED_IN, KNOWN, NEW, BLOCKS] = ['+86137', '+86138', '+86139', '+86136'];
const BLOCK_SIZE = 10_000;
/** Shares no factor with the numbers that there are, so that none comes twice. */
const BLOCK_APART = BLOCK_SIZE + 7;

const digits = (number: number) => String(number).padStart(8, '0');

const numbers = (prefix: string, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => prefix + digits(from + index));
