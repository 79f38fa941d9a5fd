import type { AuthorizedRequests } from './authorized-requests.ts';
import type { DeletionDto, MobileChangeDto, MobileChangeSentDto } from './contract.ts';
import type { CodeOptions, SentCode } from './logins.ts';

/** A change of number that waits for its code. It can be kept as JSON while the user reads the message. */
export interface NumberChange extends SentCode {
  readonly id: string;
  readonly challenge: string;
  /** Seconds from the proof until the number changes: none where this session has just proved the present one by a code. */
  readonly delay: number;
}

/** What users do to their account as a whole. */
export class Account {
  constructor(
    private readonly requests: AuthorizedRequests,
    private readonly app?: string,
  ) {}

  async changeNumber(mobile: string, { locale, captcha }: CodeOptions): Promise<NumberChange> {
    const body = { mobile, locale, captcha, app: this.app };
    const sent = await this.requests.ask<MobileChangeSentDto>('POST', CHANGES, body);
    const { id, challenge, delay, expires_in: expiresIn, resend_in: resendIn } = sent;
    return { id, challenge, delay, expiresIn, resendIn };
  }

  async proveNumber({ id, challenge }: NumberChange, code: string): Promise<MobileChangeDto> {
    return this.requests.ask<MobileChangeDto>('PUT', `${CHANGES}/${id}`, { code, challenge });
  }

  /** @returns when it is erased. */
  async delete(): Promise<Date> {
    const { delete_at } = await this.requests.ask<DeletionDto>('DELETE', '/users/me');
    return new Date(delete_at);
  }

  async keep(): Promise<void> {
    await this.requests.ask<void>('DELETE', '/users/me/deletion');
  }
}

const CHANGES = '/users/me/mobile-changes';
