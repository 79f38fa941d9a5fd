import { createHmac } from 'node:crypto';
import { ApiException } from '../../common/errors';
import type { E164 } from '../../common/phone-number';
import type { KeyRing } from '../../config/key-ring';
import type { LimiterService } from '../limiter.service';
import type { Captcha, Difficulty, Solver } from './captcha';
import { useAnswer } from './used-answers';

export const SITEVERIFY_URLS = {
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
} as const;

const TIMEOUT_MS = 3000;
/** Error codes that are no fault of the answer: `internal-error`, `invalid-input-secret` and the like. */
const FAULT = /internal|secret/;

/** What Turnstile's widget is given, and its verdict gives back as it was (https://developers.cloudflare.com/turnstile/). */
interface Binding {
  readonly action: 'code';
  readonly cdata: string;
}

interface Verdict extends Partial<Record<keyof Binding, unknown>> {
  success?: unknown;
  'error-codes'?: unknown;
}

/**
 * The siteverify protocol, which Turnstile and hCaptcha share. They decide how hard a captcha is, and see to it that an
 * answer is fresh. Turnstile binds one to a number; hCaptcha documents nothing that could.
 */
export class SiteverifyCaptcha implements Captcha {
  /** Of the secret, then of the one before; none where answers cannot be bound. */
  private readonly keys: Buffer[];

  constructor(
    private readonly url: string,
    private readonly secret: string,
    private readonly limiter: LimiterService,
    bindingKeys?: KeyRing,
    private readonly timeout = TIMEOUT_MS,
  ) {
    this.keys = (bindingKeys?.generations ?? []).map((ring) => ring.derive('captcha binding'));
  }

  async challengeFor(mobile: E164): Promise<Binding | undefined> {
    return this.keys[0] && bindingOf(mobile, this.keys[0]);
  }

  /** A service of its own decides how hard it is. */
  async verify(answer: string, { mobile, address }: Solver, _least: Difficulty): Promise<boolean> {
    const forget = await useAnswer(this.limiter, answer);
    if (!forget) return false;
    try {
      const verdict = await this.ask(answer, address);
      return isSuccess(verdict) && this.isFor(mobile, verdict);
    } catch (cause) {
      await forget();
      throw new ApiException('UNAVAILABLE', { cause });
    }
  }

  private isFor(mobile: E164, { action, cdata }: Verdict): boolean {
    if (this.keys.length === 0) return true;
    const bindings = this.keys.map((key) => bindingOf(mobile, key));
    return bindings.some((binding) => binding.action === action && binding.cdata === cdata);
  }

  private async ask(answer: string, address: string): Promise<Verdict> {
    const response = await fetch(this.url, {
      method: 'POST',
      body: new URLSearchParams({ secret: this.secret, response: answer, remoteip: address }),
      redirect: 'error',
      signal: AbortSignal.timeout(this.timeout),
    });
    const body = await response.text();
    if (response.status >= 500) throw fault(`answered ${response.status}`);
    return parse(body);
  }
}

function isSuccess({ success, 'error-codes': codes }: Verdict): boolean {
  if (typeof success !== 'boolean') throw fault('gave no verdict');
  const fatal = Array.isArray(codes) ? codes.filter((code) => FAULT.test(String(code))) : [];
  if (!success && fatal.length > 0) throw fault(`answered ${fatal.join(', ')}`);
  return success;
}

/** The parser's own error would quote the body, which may repeat what was sent. */
function parse(body: string): Verdict {
  try {
    return JSON.parse(body) as Verdict;
  } catch {
    throw fault('did not answer in JSON');
  }
}

const fault = (what: string) => new Error(`The captcha service ${what}.`);

function bindingOf(mobile: E164, key: Buffer): Binding {
  return { action: 'code', cdata: createHmac('sha256', key).update(mobile).digest('base64url') };
}
