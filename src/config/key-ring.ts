import { hkdfSync } from 'node:crypto';

/** One secret, and a key of its own for every purpose (HKDF-SHA-256, RFC 5869). */
export class KeyRing {
  /** @param previous the secret before the last change, for what it signed. */
  constructor(
    private readonly secret: string,
    private readonly previous?: string,
  ) {}

  /** The same `purpose` gives the same 256 bits on every node and after every restart. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.secret, '', `tandem ${purpose}`, 32));
  }

  /** This ring, then that of the previous secret if there is one. */
  get generations(): KeyRing[] {
    return this.previous ? [this, new KeyRing(this.previous)] : [this];
  }
}
