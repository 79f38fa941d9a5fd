/**
 * Origin-form (RFC 9112, section 3.2.1) in its one spelling: characters of a path (RFC 3986, section 3.3) as they are, others
 * percent-encoded in capitals, and no fragment. `/metrics#x`, `/%6Detrics` and `http://any/metrics` lead past rules
 * of a proxy that compares texts.
 */
const ONE_SPELLING =
  /^\/(?:[\w\-.~!$&'()*+,;=:@/]|%(?!2[DE]|3\d|4[1-9A-F]|5[\dAF]|6[1-9A-F]|7[\dAE])[\dA-F]{2})*(?:\?[^#]*)?$/;

export function isInOneSpelling(target: string): boolean {
  return ONE_SPELLING.test(target);
}
