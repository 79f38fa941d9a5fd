import { ApiException } from '../../common/errors';
import type { Captcha } from './captcha';

export const SITEVERIFY_URLS = {
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
} as const;

const TIMEOUT_MS = 3000;
/** Error codes that are no fault of the answer: `internal-error`, `invalid-input-secret` and the like. */
const FAULT = /internal|secret/;

interface Verdict {
  success?: unknown;
  'error-codes'?: unknown;
}

/**
 * The siteverify protocol, which Turnstile and hCaptcha share. They see to it that an answer is fresh and
 * works once.
 */
export class SiteverifyCaptcha implements Captcha {
  constructor(
    private readonly url: string,
    private readonly secret: string,
    private readonly timeout = TIMEOUT_MS,
  ) {}

  async verify(answer: string, address: string): Promise<boolean> {
    try {
      return isSuccess(await this.ask(answer, address));
    } catch (cause) {
      throw new ApiException('UNAVAILABLE', { cause });
    }
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
