const S_BYTES = 32;
/** n, the order of P-256 (SP 800-186, section 3.2.1.3). */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const HIGHEST_S = bytesOf(ORDER >> 1n);

/**
 * ES256 signatures are malleable: from (r, s) anyone can compute (r, n − s), which verifies for the same claims. A
 * token could then be rewritten into another text that passes, and whoever logs, caches or blocks tokens by their
 * text would take the two for different tokens. So only the one with the lower s is issued and accepted (as BIP 146
 * does).
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
