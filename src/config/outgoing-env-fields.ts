import { isPrivate, parseNetwork } from '../common/network';
import { commaSeparated, field } from './env-fields';

/** The names of the variables. */
export const OUTGOING = new Set<string>();
const HOST_NAME = /^(?=.{1,253}$)[a-z\d]([a-z\d_-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/;

/** An address that the server calls, with a secret, a number or a code. */
export function OutgoingUrl(): PropertyDecorator {
  const isUsable = field(
    (text) => text,
    isOutgoingUrl,
    'must be a URL that starts with https: or http:, without a user, password or fragment, which errors would show',
  );
  return (target, key) => {
    OUTGOING.add(String(key));
    isUsable(target, key);
  };
}

/** @throws TypeError for what is no URL. */
export function isOutgoingUrl(text: string): boolean {
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username + password + hash === '';
}

/** Hosts that may be called without TLS. Of addresses only private ones: others lead through networks of strangers. */
export function PlainHttpHosts(): PropertyDecorator {
  return field(
    commaSeparated,
    (hosts) => hosts.every(mayBeOwn),
    'must be a comma-separated list of host names and private addresses of your own network, like sms-gateway,10.0.0.5',
  );
}

/** Host names, addresses and CIDRs. */
export function AllowedHosts(): PropertyDecorator {
  return field(
    commaSeparated,
    (hosts) =>
      hosts.every((host) => parseNetwork(host) || (HOST_NAME.test(host) && !isNumeric(host))),
    'must be a comma-separated list of host names, addresses and CIDRs like hooks.internal,10.0.0.0/8',
  );
}

function mayBeOwn(host: string): boolean {
  const address = parseNetwork(host);
  return address
    ? !host.includes('/') && isPrivate(address)
    : HOST_NAME.test(host) && !isNumeric(host);
}

/** A URL reads such a name as an IPv4 address. */
const isNumeric = (host: string) => /(^|\.)(\d+|0x[\da-f]*)$/.test(host);
