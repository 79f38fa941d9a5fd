export const HOUR_MS = 3_600_000;

/** The lease of the job that counts hours, whose position is the first hour that is not counted, in hours since 1970. */
export const HOURLY = 'hourly counts';

export const hourOf = (moment: number) => Math.floor(moment / HOUR_MS);
