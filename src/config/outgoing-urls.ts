import type { Env } from './env';
import { OUTGOING } from './outgoing-env-fields';

/** What is called by http may be read on the way: only this machine, and hosts that were chosen by name. */
export function* outgoingUrlProblems(env: Env): Generator<string> {
  for (const name of OUTGOING) {
    const url = env[name as keyof Env];
    if (typeof url !== 'string' || !URL.canParse(url)) continue;
    const { protocol, hostname } = new URL(url);
    const host = withoutBrackets(hostname);
    if (protocol !== 'http:' || isLoopback(host) || env.PLAIN_HTTP_HOSTS.includes(host)) continue;
    yield `${name} must start with https: in production, as secrets, numbers and codes go there (or name ${host} in PLAIN_HTTP_HOSTS, if it is in your own network)`;
  }
}

/** @param hostname as URLs have it. */
export function isLoopback(hostname: string): boolean {
  const host = withoutBrackets(hostname);
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

const withoutBrackets = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1');
