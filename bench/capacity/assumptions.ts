/** What is assumed of a population, since nobody has measured it: `npm run capacity -- --visitsPerDay 4`. */
export const ASSUMPTIONS = {
  /** Who log in or come back within a month. */
  users: 1_000_000,
  /** Accounts that exist, for each of those. */
  accountsPerUser: 3,
  /** Phones and browsers of a user, each with a session of its own. */
  devicesPerUser: 1.3,
  /** How often a device is used, at random times along the daily curve. */
  visitsPerDay: 1.5,
  visitMinutes: 6,
  /** To guarded routes, during a visit. */
  requestsPerMinute: 5,
  /** The busiest hour against the mean of the day, from 1 to 2. */
  peakFactor: 2,
  /** The share of users who are new this month. */
  newUsers: 0.05,
  /** Visits that end with a logout. */
  logouts: 0.01,
  /** Codes that are asked for again while they live, the share of those again, and so on. */
  resends: 0.15,
  /** Codes that nobody types in: the user begins anew. */
  abandoned: 0.1,
  /** Wrong codes before the right one, the share of those again, and so on. */
  wrongCodes: 0.1,
  /** `ACCESS_TOKEN_TTL`, `REFRESH_TOKEN_TTL` and `SESSION_RETENTION`. */
  accessHours: 2,
  sessionDays: 14,
  retentionDays: 30,
  /** How busy a core may be in the busiest hour. */
  utilisation: 0.6,
  /** Dollars. */
  messagePrice: 0.04,
};

export type Assumptions = typeof ASSUMPTIONS;

/** The hour of the day whose middle is the height of the curve. */
export const PEAK_HOUR = 20;

/** How busy a moment is against the mean of the day: a cosine. */
export function dailyCurve({ peakFactor }: Assumptions, hourOfDay: number): number {
  return 1 + (peakFactor - 1) * Math.cos((Math.PI * (hourOfDay - PEAK_HOUR - 0.5)) / 12);
}
