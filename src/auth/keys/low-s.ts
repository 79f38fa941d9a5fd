const S_BYTES = 32;
/** n, the order of P-256 (SP 800-186, section 3.2.1.3). */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const HIGHEST_S = bytesOf(ORDER >> 1n);

/**
 * Of an ECDSA signature (r, s) anyone can make (r, n − s), which verifies as well. Only the one with the
 * lower s is ours, so that a token has one spelling also where it is signed by ES256.
 */
export function withLowS(token: string): string {
  const [header, claims, signature] = token.split('.');
  return [header, claims, lowered(decode(signature!)).toString('base64url')].join('.');
}

export function hasLowS(token: string): boolean {
  return isLow(sOf(decode(token.slice(token.lastIndexOf('.') + 1))));
}

function lowered(signature: Buffer): Buffer {
  const s = sOf(signature);
  if (isLow(s)) return signature;
  const twin = ORDER - BigInt(`0x${s.toString('hex')}`);
  return Buffer.concat([signature.subarray(0, -S_BYTES), bytesOf(twin)]);
}

const isLow = (s: Buffer) => Buffer.compare(s, HIGHEST_S) <= 0;

const sOf = (signature: Buffer) => signature.subarray(-S_BYTES);
const decode = (part: string) => Buffer.from(part, 'base64url');

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * S_BYTES, '0'), 'hex');
}
