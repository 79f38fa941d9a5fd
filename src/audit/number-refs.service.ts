import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { E164 } from '../common/phone-number';
import { remembering } from '../common/remembering';
import { KeyRing } from '../config/key-ring';

/** Longer than any number with its `+`: all references have one length. */
const PADDED = 16;
const TAG_BYTES = 16;
const REMEMBERED = 1000;
const FORM = /^[A-Za-z0-9_-]{43}$/;

interface Keys {
  readonly tag: Buffer;
  readonly cipher: Buffer;
}

/**
 * What stands for a number where the number itself must not: the same text each time, from which only this server gets the
 * number back, so that no table is needed. A synthetic IV (as in RFC 5297): a MAC of the number is also what it is encrypted with.
 */
@Injectable()
export class NumberRefsService {
  /** Of the secret, then of the one before. */
  private readonly keys: readonly Keys[];
  /** The log, the audit and the record of a message want the same one. */
  private readonly refs = remembering((mobile: E164) => seal(this.keys[0]!, mobile), REMEMBERED);

  constructor(ring: KeyRing) {
    this.keys = ring.generations.map((generation) => ({
      tag: generation.derive('number reference tag'),
      cipher: generation.derive('number reference cipher'),
    }));
  }

  refOf(mobile: E164): string {
    return this.refs(mobile);
  }

  /** By the secret of now, and by that before the last change: what a stored reference may be. */
  refsOf(mobile: E164): string[] {
    return this.keys.map((keys) => seal(keys, mobile));
  }

  /** @returns null for a reference that is not ours. */
  read(ref: string): E164 | null {
    if (!FORM.test(ref)) return null;
    const bytes = Buffer.from(ref, 'base64url');
    for (const keys of this.keys) {
      const mobile = open(keys, bytes);
      if (mobile) return mobile;
    }
    return null;
  }
}

function seal(keys: Keys, mobile: E164): string {
  const tag = tagOf(keys, mobile);
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, tag);
  return Buffer.concat([tag, cipher.update(mobile.padEnd(PADDED)), cipher.final()]).toString(
    'base64url',
  );
}

function open(keys: Keys, bytes: Buffer): E164 | null {
  const tag = bytes.subarray(0, TAG_BYTES);
  const cipher = createDecipheriv('aes-256-ctr', keys.cipher, tag);
  const text = cipher.update(bytes.subarray(TAG_BYTES)).toString('latin1').trimEnd() as E164;
  return timingSafeEqual(tag, tagOf(keys, text)) ? text : null;
}

const tagOf = ({ tag }: Keys, mobile: string) =>
  createHmac('sha256', tag).update(mobile).digest().subarray(0, TAG_BYTES);
