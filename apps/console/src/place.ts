/** Where this file is served from tells the path in front of all routes: `/console/assets/…` or `/auth/console/assets/…`. */
const { pathname, origin } = new URL('../..', import.meta.url);

/** In front of every route, without a slash at its end. */
export const BASE = pathname.replace(/\/$/, '');
export const SERVER = origin + BASE;
export const ROOT = `${BASE}/console`;

/** The address of a screen. It holds ids and references only, never a number. */
export const to = (path: string): string => ROOT + path;
