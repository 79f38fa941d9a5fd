import type { Api } from './api.ts';
import type { CodeSentDto, CodeTokenPairDto, LoginDto, StepUpDto, UndoneDto } from './contract.ts';
import type { DeviceTokens } from './device-tokens.ts';
import type { Environment } from './environment.ts';
import { TandemError } from './errors.ts';
import type { PendingLogin } from './pending-login.ts';
import type { Session } from './session.ts';

export interface CodeOptions {
  /** The language of the message, a BCP 47 tag; else that of the browser. */
  readonly locale?: string;
  /** What the captcha's widget gave, after `CAPTCHA_REQUIRED`. */
  readonly captcha?: string;
}

/** What a login by code goes with. */
export interface CodeLoginOptions extends Pick<CodeOptions, 'captcha'> {
  /** The `terms_version` of `config()`, when the user was shown those terms and agrees to them by logging in. */
  readonly termsVersion?: string;
}

export interface SentCode {
  /** Seconds until the code stops working. */
  readonly expiresIn: number;
  /** Seconds until another one may be asked for. */
  readonly resendIn: number;
}

export interface LoggedIn {
  /** Whether this login has created the user. */
  readonly isNewUser: boolean;
}

/** Whether an account is that of who has proved its number. With its password it goes on as it is. */
export type Ownership =
  { readonly mine: false } | { readonly mine: true; readonly password?: string };

export type ClaimAnswer = Ownership & Pick<CodeLoginOptions, 'termsVersion'>;

export type Proof =
  | { readonly password: string }
  | { readonly mobile: string; readonly code: string; readonly captcha?: string };

/** A login whose answer is lost is repeated under its key as often as the server answers the same session. */
const RETRIES_MS = [1000, 3000];

/** The ways in. What belongs together (challenge, device, key) is carried from one call to the next. */
export class Logins {
  constructor(
    private readonly api: Api,
    private readonly session: Session,
    private readonly devices: DeviceTokens,
    private readonly pending: PendingLogin,
    private readonly environment: Environment,
    private readonly app?: string,
  ) {}

  async requestCode(mobile: string, options: CodeOptions): Promise<SentCode> {
    const { locale, captcha } = options;
    const device_token = await this.devices.of(mobile);
    const body = { mobile, locale, captcha, device_token, app: this.app };
    const sent = await this.api.ask<CodeSentDto>({ method: 'POST', path: '/auth/codes', body });
    await this.pending.begin(mobile, sent.challenge);
    return { expiresIn: sent.expires_in, resendIn: sent.resend_in };
  }

  async byCode(mobile: string, code: string, options: CodeLoginOptions): Promise<LoggedIn> {
    const { captcha, termsVersion: terms_version } = options;
    const { key, challenge } = await this.pending.byCode(mobile);
    const device_token = await this.devices.of(mobile);
    const body = { mobile, code, challenge, captcha, device_token, terms_version };
    return this.byNumber(mobile, '/auth/tokens', body, key);
  }

  async byTicket(mobile: string, ticket: string, answer: ClaimAnswer): Promise<LoggedIn> {
    const { termsVersion: terms_version, ...owned } = answer;
    const { key } = await this.pending.byCode(mobile);
    const body = { ticket, ...owned, terms_version };
    return this.byNumber(mobile, '/auth/tokens/reassigned', body, key);
  }

  /** @returns what the change has become. */
  async undoChange(ticket: string): Promise<UndoneDto['state']> {
    const call = { method: 'POST', path: '/auth/mobile-changes/undo', body: { ticket } } as const;
    return (await this.api.ask<UndoneDto>(call)).state;
  }

  async byPassword(username: string, password: string): Promise<LoggedIn> {
    const { key } = await this.pending.byPassword();
    const device_token = await this.devices.newest();
    const pair = await this.logIn<LoginDto>(
      '/auth/login',
      { username, password, device_token },
      key,
    );
    return { isNewUser: pair.is_new_user };
  }

  /** What proves the user to a session that there is: a code of their number goes with its challenge, too. */
  async proofOf(proof: Proof): Promise<StepUpDto> {
    if ('password' in proof) return { password: proof.password };
    const { mobile, code, captcha } = proof;
    const { challenge } = await this.pending.byCode(mobile);
    return { code, challenge, captcha, device_token: await this.devices.of(mobile) };
  }

  private async byNumber(
    mobile: string,
    path: string,
    body: object,
    key: string,
  ): Promise<LoggedIn> {
    const pair = await this.logIn<CodeTokenPairDto>(path, body, key);
    await this.devices.keep(mobile, pair.device_token);
    return { isNewUser: pair.is_new_user };
  }

  private async logIn<T extends LoginDto>(path: string, body: object, key: string): Promise<T> {
    const pair = await this.repeating<T>(path, body, key);
    await this.session.open(pair, key);
    await this.pending.done();
    return pair;
  }

  private async repeating<T>(path: string, body: object, idempotencyKey: string): Promise<T> {
    const session = this.session.hasCookie ? 'cookie' : undefined;
    const asked = { ...body, session };
    for (const wait of [...RETRIES_MS, 0]) {
      try {
        return await this.api.ask<T>({
          method: 'POST',
          path,
          body: asked,
          session,
          idempotencyKey,
        });
      } catch (error) {
        const isLost = error instanceof TandemError && error.errorCode === 'NO_ANSWER';
        if (!isLost || error.retryAfter || wait === 0) throw error;
        await new Promise<void>((done) => this.environment.after(wait, done));
      }
    }
    throw new TandemError('NO_ANSWER');
  }
}
