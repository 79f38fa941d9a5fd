const MAX_LENGTH = 4096;
/** Canonical base64url without padding: the bits that the last character has left over are zero (RFC 4648, section 3.5). */
const PART = '(?:[\\w-]{4})*(?:[\\w-]{4}|[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])';
const TOKEN = new RegExp(`^(${PART})\\.${PART}\\.(${PART})$`);
/** Half of the order of P-256 (SP 800-186, section 3.2.1.3). */
const HIGHEST_S = Buffer.from(
  '7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8',
  'hex',
);

/**
 * The `typ` of a token that is spelled as Tandem spells it, undefined for all others: of one ES256
 * signature anyone can make a second one that verifies, with a higher s.
 */
export function typeOf(token: string): string | undefined {
  const [, header, signature] = (token.length <= MAX_LENGTH && TOKEN.exec(token)) || [];
  if (!header || !signature) return undefined;
  const { typ, alg } = headerOf(header);
  const isOurs = alg !== 'ES256' || hasLowS(Buffer.from(signature, 'base64url'));
  return isOurs && typeof typ === 'string' ? typ : undefined;
}

function headerOf(part: string): { typ?: unknown; alg?: unknown } {
  try {
    return Object(JSON.parse(Buffer.from(part, 'base64url').toString()));
  } catch {
    return {};
  }
}

function hasLowS(signature: Buffer): boolean {
  return Buffer.compare(signature.subarray(-HIGHEST_S.length), HIGHEST_S) <= 0;
}
