import { CODE_LENGTH } from '../../common/code';
import { Doc } from '../../contract/docs';

export class ServedCountryDto {
  @Doc('ISO 3166.', { example: 'CN' })
  code!: string;

  @Doc('What numbers of it begin with, after the plus.', { example: '86' })
  calling_code!: string;
}

export class ClientCaptchaDto {
  @Doc('`altcha` has its challenges at `POST /auth/captcha`.', {
    enum: ['altcha', 'turnstile', 'hcaptcha'],
  })
  kind!: 'altcha' | 'turnstile' | 'hcaptcha';

  @Doc('For the widget of Turnstile and hCaptcha, where the server knows it.', {
    type: String,
    nullable: true,
  })
  site_key!: string | null;
}

export class ConfigDto {
  @Doc('Whose numbers are served.', { type: [ServedCountryDto] })
  countries!: ServedCountryDto[];

  @Doc('Where numbers without a country code are looked for first; null when they need one.', {
    example: 'CN',
    type: String,
    nullable: true,
  })
  default_country!: string | null;

  @Doc('What to offer first to people of a language, where that is served.', {
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { 'zh-CN': 'CN', de: 'DE' },
  })
  country_by_locale!: Record<string, string>;

  @Doc('Digits of a code.', { example: CODE_LENGTH, type: 'integer' })
  code_length!: number;

  @Doc('What `CAPTCHA_REQUIRED` asks for; null when nothing does.', {
    type: ClientCaptchaDto,
    nullable: true,
  })
  captcha!: ClientCaptchaDto | null;

  @Doc('Whether a refresh answers the next refresh token, too.')
  refresh_rotation!: boolean;

  @Doc('Whether a login may ask for a cookie, by `"session": "cookie"`.')
  refresh_cookie!: boolean;

  @Doc('Whether users may log in with a username and a password.')
  password_login!: boolean;

  @Doc('`closed`: the first login of a number makes no user.', { enum: ['open', 'closed'] })
  signup!: 'open' | 'closed';

  @Doc('Of the terms that users are to agree to; null when there are none.', {
    example: '2026-01',
    type: String,
    nullable: true,
  })
  terms_version!: string | null;

  @Doc('Where people read them, for the forms of a login; null where the application shows them.', {
    example: 'https://app.example.com/terms',
    type: String,
    nullable: true,
  })
  terms_url!: string | null;

  @Doc('The languages of messages, BCP 47.', { type: [String], example: ['en', 'zh-CN'] })
  locales!: string[];
}
