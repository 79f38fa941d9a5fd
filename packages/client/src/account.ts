import type { AuthorizedRequests } from './authorized-requests.ts';
import type { CodeSentDto, DeletionDto, MobileChangeDto, MobileChangeSentDto } from './contract.ts';
import type { DeviceTokens } from './device-tokens.ts';
import type { CodeOptions, SentCode } from './logins.ts';

/** A change of number that waits for its code. It can be kept as JSON while the user reads the message. */
export interface NumberChange extends SentCode {
  readonly id: string;
  readonly challenge: string;
  /** Seconds from the proof until the number changes: none where this session has just proved the present one by a code. */
  readonly delay: number;
}

/** A code that deletes the account. It can be kept as JSON while the user reads the message. */
export interface DeletionCode extends SentCode {
  readonly challenge: string;
}

/** What a code may need beside it: the answer that `CAPTCHA_REQUIRED` asks for. */
export type CodeProofOptions = Pick<CodeOptions, 'captcha'>;

/** What users do to their account as a whole. */
export class Account {
  constructor(
    private readonly requests: AuthorizedRequests,
    private readonly devices: DeviceTokens,
    private readonly app?: string,
  ) {}

  async changeNumber(mobile: string, { locale, captcha }: CodeOptions): Promise<NumberChange> {
    const body = { mobile, locale, captcha, app: this.app };
    const sent = await this.requests.ask<MobileChangeSentDto>('POST', CHANGES, body);
    const { id, challenge, delay, expires_in: expiresIn, resend_in: resendIn } = sent;
    return { id, challenge, delay, expiresIn, resendIn };
  }

  async proveNumber(
    { id, challenge }: NumberChange,
    code: string,
    { captcha }: CodeProofOptions,
  ): Promise<MobileChangeDto> {
    const proof = { code, challenge, captcha };
    return this.requests.ask<MobileChangeDto>('PUT', `${CHANGES}/${id}`, proof);
  }

  async requestDeletion({ locale, captcha }: CodeOptions): Promise<DeletionCode> {
    const device_token = await this.devices.newest();
    const body = { locale, captcha, app: this.app, device_token };
    const sent = await this.requests.ask<CodeSentDto>('POST', DELETION, body);
    const { challenge, expires_in: expiresIn, resend_in: resendIn } = sent;
    return { challenge, expiresIn, resendIn };
  }

  /** @returns when it is erased. */
  async delete(): Promise<Date> {
    return eraseTime(await this.requests.ask<DeletionDto>('DELETE', '/users/me'));
  }

  /** @returns the same. */
  async deleteBy(
    { challenge }: DeletionCode,
    code: string,
    { captcha }: CodeProofOptions,
  ): Promise<Date> {
    const proof = { code, challenge, captcha, device_token: await this.devices.newest() };
    return eraseTime(await this.requests.ask<DeletionDto>('PUT', DELETION, proof));
  }

  async keep(): Promise<void> {
    await this.requests.ask<void>('DELETE', DELETION);
  }
}

const CHANGES = '/users/me/mobile-changes';
const DELETION = '/users/me/deletion';

const eraseTime = ({ delete_at: at }: DeletionDto) => new Date(at);
