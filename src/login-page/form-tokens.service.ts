import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { KeyRing } from '../config/key-ring';
import { cookieValues, hostCookie } from '../contract/cookies';

const NAME = '__Host-tandem-form';
const SECRET = /^[\w-]{22}$/;

/**
 * Shows that a form was sent from a page of ours in this very browser: a token that follows from a cookie which no other
 * site can set, read or have sent along.
 */
@Injectable()
export class FormTokensService {
  private readonly key: Buffer;

  constructor(ring: KeyRing) {
    this.key = ring.derive('login form');
  }

  /** The secret of a browser, undefined for one that has none yet. */
  secretIn(headers: IncomingHttpHeaders): string | undefined {
    const [secret = '', ...others] = cookieValues(headers, NAME);
    return others.length === 0 && SECRET.test(secret) ? secret : undefined;
  }

  newSecret(): string {
    return randomBytes(16).toString('base64url');
  }

  /** The `Set-Cookie` that keeps a secret for as long as the browser runs. */
  keeping(secret: string): string {
    return hostCookie(NAME, secret);
  }

  /** @param sessionId so that a page which shows one account changes no other, whoever has logged in since. */
  tokenOf(secret: string, sessionId = ''): string {
    return this.mac(`form ${secret} ${sessionId}`);
  }

  /** The `Idempotency-Key` of a login: who presses its button twice is logged in once, and gets in. */
  loginKeyOf(secret: string, login: string): string {
    return this.mac(`login ${secret} ${login}`);
  }

  private mac(text: string): string {
    return createHmac('sha256', this.key).update(text).digest('base64url');
  }
}
