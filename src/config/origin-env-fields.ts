import { commaSeparated, field } from './env-fields';

/** `https://*.preview.example.com`. */
const PATTERN = /^https:\/\/\*\.(?=[^*]+$)/;
/** What a pattern stands for: one label. */
const LABEL = /^[a-z0-9-]+$/;

/**
 * Origins of browsers: exact ones, or those of all hosts right below a domain of one's own, such as deployments that are
 * looked at before they go out. Nobody must list a domain below which strangers may have pages.
 */
export function Origins(): PropertyDecorator {
  return field(
    commaSeparated,
    (values) => values.every((value) => problemOf(value) === undefined),
    (values) => [values].flat().map(problemOf).find(Boolean) ?? PROBLEM,
  );
}

const PROBLEM =
  'must be a comma-separated list of origins like https://app.example.com, or https://*.preview.example.com for all hosts below a domain of yours';

export const isOrigin = (text: string) =>
  URL.canParse(text) && new URL(text).origin === text && !text.includes('*');

/** Whether a list names an origin, exactly. */
export const names = (listed: readonly string[], origin: string | undefined): origin is string =>
  origin !== undefined && !origin.includes('*') && listed.includes(origin);

/** Whether a list names an origin, also by a pattern. */
export function covers(listed: readonly string[], origin: string | undefined): origin is string {
  if (origin === undefined) return false;
  return names(listed, origin) || listed.some((one) => PATTERN.test(one) && fits(origin, one));
}

function fits(origin: string, pattern: string): boolean {
  const [scheme, domain] = pattern.split('*') as [string, string];
  if (!origin.startsWith(scheme) || !origin.endsWith(domain)) return false;
  return LABEL.test(origin.slice(scheme.length, -domain.length));
}

function problemOf(text: string): string | undefined {
  const origin = text.replace(PATTERN, 'https://');
  if (!isOrigin(origin)) return PROBLEM;
  const { hostname } = new URL(origin);
  if (isPublicSuffix(hostname)) {
    return `has ${text}: everybody may have pages below ${hostname}, list your own origins`;
  }
  const isOwnDomain = origin === text || hostname.includes('.');
  return isOwnDomain ? undefined : PROBLEM;
}

/** Loaded only now: its list takes memory. */
function isPublicSuffix(hostname: string): boolean {
  const { parse } = require('tldts') as typeof import('tldts');
  const { domain, isIcann, isPrivate } = parse(hostname, { allowPrivateDomains: true });
  return domain === null && Boolean(isIcann || isPrivate);
}
