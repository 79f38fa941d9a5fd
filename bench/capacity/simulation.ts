import { type Assumptions, dailyCurve, PEAK_HOUR } from './assumptions';
import { chance, type Random } from './chance';
import { type Kind, mapKinds, type Rates } from './rates';

interface Sample {
  readonly devices: number;
  readonly days: number;
  readonly seed: number;
}

/** Times are hours. */
const DAY = 24;
// Jest looks globals up slowly.
const { floor, max, min } = Math;

/** The rates of a sample of devices that live some weeks, event by event, as those of all devices. */
export function simulate(assumptions: Assumptions, nodes: number, sample: Sample): Rates {
  const draw = chance(sample.seed);
  const tally = new Tally(assumptions.sessionDays * 2 * DAY, sample.days * DAY);
  for (let count = 0; count < sample.devices; count++) {
    new Device(assumptions, nodes, draw, tally).live();
  }
  const newcomers = (sample.devices / assumptions.devicesPerUser) * assumptions.newUsers;
  new Newcomers(assumptions, draw, tally).arrive(newcomers / (30 * DAY));
  return tally.rates((assumptions.users * assumptions.devicesPerUser) / sample.devices);
}

/** What happened once the first sessions were forgotten. */
class Tally {
  private readonly total = mapKinds(() => 0);
  private readonly busiest = mapKinds(() => 0);
  private sessionHours = 0;

  constructor(
    private readonly from: number,
    private readonly duration: number,
  ) {}

  get end(): number {
    return this.from + this.duration;
  }

  count(kind: Kind, at: number, times = 1): void {
    if (at < this.from || at >= this.end) return;
    this.total[kind] += times;
    if (floor(at) % DAY === PEAK_HOUR) this.busiest[kind] += times;
  }

  session(from: number, to: number): void {
    this.sessionHours += max(0, min(to, this.end) - max(from, this.from));
  }

  rates(factor: number): Rates {
    const seconds = this.duration * 3600;
    return {
      mean: mapKinds((kind) => (this.total[kind] * factor) / seconds),
      peak: mapKinds((kind) => (this.busiest[kind] * factor * DAY) / seconds),
      liveSessions: (this.sessionHours * factor) / this.duration,
    };
  }
}

/** What asks for codes until it is logged in. */
class Visitor {
  constructor(
    protected readonly assumptions: Assumptions,
    protected readonly draw: Random,
    protected readonly tally: Tally,
  ) {}

  /** The moments of a random process of `perHour` along the daily curve. */
  protected *moments(perHour: number): Generator<number> {
    const { peakFactor } = this.assumptions;
    const { end } = this.tally;
    for (let at = 0; (at += this.draw.wait(perHour * peakFactor)) < end;) {
      if (this.draw.happens(dailyCurve(this.assumptions, at % DAY) / peakFactor)) yield at;
    }
  }

  protected proveNumber(at: number): void {
    const { resends, abandoned, wrongCodes } = this.assumptions;
    do {
      do this.tally.count('codes', at);
      while (this.draw.happens(resends));
    } while (this.draw.happens(abandoned));
    while (this.draw.happens(wrongCodes)) this.tally.count('wrongCodes', at);
  }
}

class Newcomers extends Visitor {
  arrive(perHour: number): void {
    for (const at of this.moments(perHour)) {
      this.proveNumber(at);
      this.tally.count('firstLogins', at);
    }
  }
}

class Device extends Visitor {
  private loggedInAt = 0;
  private sessionEnd = 0;
  private tokenEnd = 0;

  constructor(
    assumptions: Assumptions,
    private readonly nodes: number,
    draw: Random,
    tally: Tally,
  ) {
    super(assumptions, draw, tally);
    // Some time ago, or all of them would expire together.
    this.sessionEnd = draw.next() * assumptions.sessionDays * DAY;
  }

  live(): void {
    const { visitsPerDay, visitMinutes, logouts } = this.assumptions;
    for (const at of this.moments(visitsPerDay / DAY)) {
      const end = at + visitMinutes / 60;
      for (let used = at; used < end; used = max(used, this.tokenEnd)) this.present(used);
      this.use(at);
      if (this.draw.happens(logouts)) this.logOut(end);
    }
    this.endSession(this.sessionEnd);
  }

  /** Shows the access token; a new one is fetched first where it has run out. */
  private present(at: number): void {
    if (at < this.tokenEnd) return;
    if (at < this.sessionEnd) this.tally.count('refreshes', at);
    else this.logIn(at);
    this.tokenEnd = min(at + this.assumptions.accessHours, this.sessionEnd);
  }

  private logIn(at: number): void {
    this.endSession(this.sessionEnd);
    this.proveNumber(at);
    this.tally.count('logins', at);
    this.loggedInAt = at;
    this.sessionEnd = at + this.assumptions.sessionDays * DAY;
  }

  private logOut(at: number): void {
    this.tally.count('logouts', at);
    this.endSession(at);
    [this.loggedInAt, this.sessionEnd, this.tokenEnd] = [at, at, at];
  }

  private endSession(at: number): void {
    this.tally.session(this.loggedInAt, at);
  }

  private use(from: number): void {
    const { visitMinutes, requestsPerMinute } = this.assumptions;
    const requests = this.draw.count(visitMinutes * requestsPerMinute);
    const begin = this.draw.next();
    const flushes = new Set<number>();
    for (let one = 0; one < requests; one++) {
      flushes.add(this.nextFlush(begin + this.draw.next() * visitMinutes));
    }
    this.tally.count('guarded', from, requests);
    this.tally.count('activeMinutes', from, flushes.size);
    this.tally.count(
      'lastUses',
      from,
      writesAt(
        [...flushes].toSorted((a, b) => a - b),
        this.nodes,
      ),
    );
  }

  /** Any node may get a request. Each writes once a minute what it saw, not at the same moment. */
  private nextFlush(minute: number): number {
    const node = floor(this.draw.next() * this.nodes);
    return (floor(minute - node / this.nodes) + 1) * this.nodes + node;
  }
}

/** How many of these flushes find that what is stored is a minute old, or `minute` steps. */
function writesAt(flushes: number[], minute: number): number {
  let [writes, stored] = [0, -Infinity];
  for (const flush of flushes) {
    if (flush < stored + minute) continue;
    [writes, stored] = [writes + 1, flush];
  }
  return writes;
}
