import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/mobile';
import { CODE_LENGTH } from '../common/code';
import { Env } from '../config/env';
import { countriesOf } from '../sms/composer/locale';
import { LOCALES } from '../sms/composer/templates';
import type { ConfigDto } from './dto/client-config.dto';

/** What a client must know of this server to show a form: the same for everybody, and secret from nobody. */
@Injectable()
export class ClientConfigService {
  readonly config: ConfigDto;
  /** Of {@link config} (RFC 9110, section 8.8.3). */
  readonly etag: string;

  constructor(private readonly env: Env) {
    this.config = this.describe();
    const hash = createHash('sha256').update(JSON.stringify(this.config));
    this.etag = `"${hash.digest('base64url')}"`;
  }

  private describe(): ConfigDto {
    const { CAPTCHA: kind, CAPTCHA_SITE_KEY: siteKey = null, SMS_COUNTRIES: countries } = this.env;
    const served = getCountries().filter((code) => this.isServed(code));
    return {
      countries: served.map((code) => ({ code, calling_code: getCountryCallingCode(code) })),
      default_country: countries[0] === '*' ? null : countries[0]!,
      country_by_locale: this.countryByLocale(),
      code_length: CODE_LENGTH,
      captcha: kind === 'off' ? null : { kind, site_key: kind === 'altcha' ? null : siteKey },
      refresh_rotation: this.env.REFRESH_ROTATION,
      refresh_cookie: this.env.REFRESH_COOKIE !== 'off',
      password_login: true,
      signup: this.env.SIGNUP,
      terms_version: this.env.TERMS_VERSION ?? null,
      terms_url: this.env.TERMS_URL ?? null,
      locales: LOCALES,
    };
  }

  private countryByLocale(): Record<string, string> {
    const entries = LOCALES.flatMap((locale) => {
      const country = countriesOf(locale).find((code) => this.isServed(code));
      return country ? [[locale, country] as const] : [];
    });
    return Object.fromEntries(entries);
  }

  private isServed(country: string): boolean {
    const { SMS_COUNTRIES: countries } = this.env;
    return countries[0] === '*' || countries.includes(country);
  }
}
