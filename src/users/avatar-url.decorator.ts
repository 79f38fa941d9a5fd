import { ValidateBy } from 'class-validator';
import { parseAddress } from '../common/network';

/** The characters of RFC 3986 but for the quote: an URL that browsers, proxies and people read alike, in any attribute. */
const HTTPS_URI = /^https:\/\/[\w.~:/?#[\]@!$&()*+,;=%-]+$/;
/** Names that mean another host in each network: RFC 6761, 6762, 8375, 9476, and what routers and companies use. */
const LOCAL_NAME =
  /(^|\.)(alt|arpa|corp|home|internal|intranet|invalid|lan|local|localhost|onion|private|test)\.?$/;

/** An https URL on a public host: whoever shows the picture is not sent into a network of their own. */
export function IsAvatarUrl(): PropertyDecorator {
  return (target, key) =>
    ValidateBy({
      name: 'isAvatarUrl',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && isPublic(value),
        defaultMessage: () => `${String(key)} must be an absolute https URL on a public host`,
      },
    })(target, String(key));
}

function isPublic(text: string): boolean {
  if (!HTTPS_URI.test(text) || !URL.canParse(text)) return false;
  const { hostname } = new URL(text);
  // Neither a user before it, nor an address in another spelling, like 0x7f.1.
  if (!text.toLowerCase().startsWith(`https://${hostname}`)) return false;
  const address = parseAddress(hostname.replace(/^\[(.*)\]$/, '$1'));
  return address ? address.range() === 'unicast' : !LOCAL_NAME.test(hostname);
}
