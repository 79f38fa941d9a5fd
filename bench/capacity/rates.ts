import { type Assumptions, dailyCurve, PEAK_HOUR } from './assumptions';

export const KINDS = [
  'guarded',
  'refreshes',
  'logins',
  'firstLogins',
  'codes',
  'wrongCodes',
  'logouts',
  'activeMinutes',
  'lastUses',
] as const;
/**
 * `activeMinutes`: minutes in which a session was used, on each node that saw it. `lastUses`: the times that
 * are written of them, by one node for all.
 */
export type Kind = (typeof KINDS)[number];

/** How often a second each thing happens to all users together. */
export interface Rates {
  readonly mean: Record<Kind, number>;
  /** In the busiest hour of the day. */
  readonly peak: Record<Kind, number>;
  readonly liveSessions: number;
}

const DAY_HOURS = 24;
const STEPS = 24 * 60;

/** The rates in closed form: every device visits by chance, along the daily curve, whatever it did before. */
export function rates(assumptions: Assumptions, nodes: number): Rates {
  const curve = (hour: number) => dailyCurve(assumptions, hour);
  const perDevice = (hour: number) => momentary(assumptions, nodes, curve(hour));
  const day = average(perDevice, 0, DAY_HOURS);
  const busiest = average(perDevice, PEAK_HOUR, PEAK_HOUR + 1);
  const { users, devicesPerUser, newUsers } = assumptions;
  const ofAll = (one: Record<Kind, number>, activity: number) => {
    const firstLogins = (users * newUsers * activity) / (30 * 86_400);
    return scaled(one, (users * devicesPerUser) / 3600, firstLogins, assumptions);
  };
  const mean = ofAll(day, 1);
  return {
    mean,
    peak: ofAll(busiest, average((hour) => ({ one: curve(hour) }), PEAK_HOUR, PEAK_HOUR + 1).one),
    liveSessions: mean.logins * sessionHours(assumptions) * 3600,
  };
}

/** How long a session lives, until it expires or is logged out, in hours. */
export function sessionHours(assumptions: Assumptions): number {
  const { sessionDays, visitsPerDay, visitMinutes, logouts } = assumptions;
  const logoutsPerDay = visitsPerDay * logouts;
  if (logoutsPerDay === 0) return sessionDays * DAY_HOURS;
  // The visit of the login may end with a logout already.
  const laterDays = (1 - Math.exp(-logoutsPerDay * sessionDays)) / logoutsPerDay;
  return (1 - logouts) * laterDays * DAY_HOURS + (logouts * visitMinutes) / 60;
}

/** Of one device, an hour, while it is `activity` times as busy as on the mean. */
function momentary(assumptions: Assumptions, nodes: number, activity: number) {
  const { visitsPerDay, visitMinutes, requestsPerMinute, accessHours, logouts } = assumptions;
  const meanVisits = visitsPerDay / DAY_HOURS;
  const visits = meanVisits * activity;
  /** From a moment until it is used again, which it may be already. */
  const idle = (rate: number) => Math.exp((-rate * visitMinutes) / 60) / rate;
  const logins = activity / (sessionHours(assumptions) + idle(meanVisits));
  const minutes = visits * visitMinutes;
  const seen = 1 - Math.exp(-requestsPerMinute / nodes);
  // A minute, and until a node writes that saw it since: at once if it is the same one.
  const betweenWrites = 1 + (1 - seen) / (nodes * seen);
  return {
    guarded: minutes * requestsPerMinute,
    // A token is asked for when the one before has run out and the device is used again.
    refreshes: 1 / (accessHours + idle(visits)) - logins,
    logins,
    logouts: visits * logouts,
    activeMinutes: minutes * nodes * seen,
    // The last minute is written after the visit.
    lastUses: (visits * (visitMinutes + 0.5)) / betweenWrites,
    firstLogins: 0,
    codes: 0,
    wrongCodes: 0,
  };
}

function scaled(
  one: Record<Kind, number>,
  factor: number,
  firstLogins: number,
  { resends, abandoned, wrongCodes }: Assumptions,
): Record<Kind, number> {
  const all = mapKinds((kind) => one[kind] * factor);
  const logins = all.logins + firstLogins;
  const codes = logins / (1 - abandoned) / (1 - resends);
  return { ...all, firstLogins, codes, wrongCodes: (logins * wrongCodes) / (1 - wrongCodes) };
}

export const mapKinds = (valueOf: (kind: Kind) => number) =>
  Object.fromEntries(KINDS.map((kind) => [kind, valueOf(kind)])) as Record<Kind, number>;

function average<K extends string>(
  valuesAt: (hour: number) => Record<K, number>,
  from: number,
  to: number,
): Record<K, number> {
  const samples = Array.from({ length: STEPS }, (_, step) =>
    valuesAt(from + ((step + 0.5) / STEPS) * (to - from)),
  );
  const keys = Object.keys(samples[0]!) as K[];
  const entries = keys.map((key) => [
    key,
    samples.reduce((sum, values) => sum + values[key], 0) / STEPS,
  ]);
  return Object.fromEntries(entries) as Record<K, number>;
}
