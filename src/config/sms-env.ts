import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { CountryList, Duration, Integer, ListOf, Switch } from './env-fields';
import { OutgoingUrl } from './outgoing-env-fields';
import { ReceiptEnv } from './receipt-env';
import {
  AppHashes,
  Budget,
  DEFAULT_BUDGET,
  DEFAULT_NETWORK_SHARE,
  LimitOverrides,
  NetworkShares,
  SmsRoutes,
  TemplateList,
  type TestNumber,
  TestNumberList,
  type WindowLimit,
} from './sms-env-fields';
import { TwilioFrom } from './twilio-from';

export const PROVIDER_NAMES = ['log', 'webhook', 'twilio', 'aliyun', 'tencent', 'sns'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** The variables about codes, messages and what they cost. Durations are seconds. */
export abstract class SmsEnv extends ReceiptEnv {
  @Duration('30s', '10m')
  CODE_TTL = 5 * 60;

  /** Tried in this order. */
  @ListOf(PROVIDER_NAMES)
  SMS_PROVIDERS: ProviderName[] = ['log'];

  /** Other orders for some countries: `CN:aliyun,*:twilio,sns`. */
  @SmsRoutes(PROVIDER_NAMES)
  SMS_ROUTES: Record<string, ProviderName[]> = {};

  @CountryList()
  SMS_COUNTRIES: string[] = ['*'];

  /** The product, as messages call it. */
  @Matches(/^[^\p{C}\s](?:[^\p{C}]*[^\p{C}\s])?$/u, { message: 'APP_NAME must be visible text' })
  APP_NAME = 'Tandem';

  /** Ends messages with `@domain #code`, which browsers fill in (WebOTP). */
  @IsOptional()
  @Matches(/^(?=.{4,64}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/, {
    message: 'WEBOTP_DOMAIN must be a domain like app.example.com',
  })
  WEBOTP_DOMAIN?: string;

  /** The hashes by which Android's SMS Retriever finds the app, by the name of its build: `FA+9qCX9VSu`, or `store:FA+9qCX9VSu,debug:…`. */
  @AppHashes()
  ANDROID_APP_HASH: Record<string, string> = {};

  /** Changes to the table of limits: `codes-per-number=3/1h,fresh-codes-per-country=500/1h`. */
  @LimitOverrides()
  LIMITS: Record<string, WindowLimit> = {};

  /** What a day's messages may cost, in the currency of the prices: `100`, `100,CN:40` or `none`. */
  @Budget()
  SMS_BUDGET_DAILY: Record<string, number> = DEFAULT_BUDGET;

  /** Per cent of every budget that is kept for users with a device of theirs, or in a network of theirs. */
  @Integer(0, 100)
  SMS_BUDGET_RESERVE = 40;

  /** Whether security notices are also sent by SMS. */
  @Switch()
  SECURITY_SMS = false;

  /** Per cent of the budget that these may cost. */
  @Integer(1, 100)
  SECURITY_SMS_SHARE = 10;

  /** Per cent of the budget that one network may take at most, and other shares of single ones: `20,203.0.113.0/24=100`. */
  @NetworkShares()
  NETWORK_SHARE: Record<string, number> = DEFAULT_NETWORK_SHARE;

  /** A file of blocks of addresses and their operators: `203.0.112.0/20 Example Mobile`. */
  @IsOptional()
  @IsString()
  NETWORKS_FILE?: string;

  /** How long a number must have been a user's before the reserve is for it. */
  @Duration('0s', '90d')
  KNOWN_AFTER = 3 * 86_400;

  /** A JSON file of prices by provider and country, over those that are built in. */
  @IsOptional()
  @IsString()
  SMS_PRICES_FILE?: string;

  @IsIn(['off', 'observe', 'enforce'])
  SMS_CONVERSION_GUARD: 'off' | 'observe' | 'enforce' = 'enforce';

  @IsIn(['off', 'altcha', 'turnstile', 'hcaptcha'])
  CAPTCHA: 'off' | 'altcha' | 'turnstile' | 'hcaptcha' = 'altcha';

  /** The secret key of Turnstile or hCaptcha. */
  @IsOptional()
  @IsString()
  CAPTCHA_SECRET?: string;

  /** The public key that goes with it, for the widget: `GET /auth/config` tells it to clients. */
  @IsOptional()
  @Matches(/^[\w-]{1,100}$/, { message: 'CAPTCHA_SITE_KEY must be letters, digits, _ and -' })
  CAPTCHA_SITE_KEY?: string;

  /** Another address than the service's own, for tests and proxies. */
  @IsOptional()
  @OutgoingUrl()
  CAPTCHA_VERIFY_URL?: string;

  /** `+8613800000000:123456@2027-01-01,…`: numbers with a fixed code until a date, for app stores. */
  @TestNumberList()
  TEST_NUMBERS: TestNumber[] = [];

  @IsOptional()
  @OutgoingUrl()
  SMS_WEBHOOK_URL?: string;

  @IsOptional()
  @IsString()
  SMS_WEBHOOK_SECRET?: string;

  @IsOptional()
  @IsString()
  TWILIO_ACCOUNT_SID?: string;

  @IsOptional()
  @IsString()
  TWILIO_AUTH_TOKEN?: string;

  @IsOptional()
  @TwilioFrom()
  TWILIO_FROM?: string;

  @IsOptional()
  @OutgoingUrl()
  TWILIO_ENDPOINT?: string;

  @IsOptional()
  @IsString()
  ALIYUN_ACCESS_KEY_ID?: string;

  @IsOptional()
  @IsString()
  ALIYUN_ACCESS_KEY_SECRET?: string;

  @IsOptional()
  @IsString()
  ALIYUN_SIGN_NAME?: string;

  /** `SMS_111,en:SMS_222`: the approved template, and those of other languages. It gets `code`. */
  @IsOptional()
  @TemplateList()
  ALIYUN_TEMPLATES?: Record<string, string>;

  /** The same for security notices. It gets `what`. */
  @IsOptional()
  @TemplateList()
  ALIYUN_NOTICE_TEMPLATES?: Record<string, string>;

  @IsOptional()
  @OutgoingUrl()
  ALIYUN_ENDPOINT?: string;

  @IsOptional()
  @IsString()
  TENCENT_SECRET_ID?: string;

  @IsOptional()
  @IsString()
  TENCENT_SECRET_KEY?: string;

  @IsOptional()
  @IsString()
  TENCENT_SDK_APP_ID?: string;

  /** Not needed outside China. */
  @IsOptional()
  @IsString()
  TENCENT_SIGN_NAME?: string;

  /** `1110,en:2220`: the approved template, and those of other languages. It gets code and minutes. */
  @IsOptional()
  @TemplateList()
  TENCENT_TEMPLATES?: Record<string, string>;

  /** The same for security notices. It gets what was done. */
  @IsOptional()
  @TemplateList()
  TENCENT_NOTICE_TEMPLATES?: Record<string, string>;

  @IsString()
  TENCENT_REGION = 'ap-guangzhou';

  @IsOptional()
  @OutgoingUrl()
  TENCENT_ENDPOINT?: string;

  @IsOptional()
  @IsString()
  SNS_REGION?: string;

  /** Without these the SDK looks for an IAM role. */
  @IsOptional()
  @IsString()
  SNS_ACCESS_KEY_ID?: string;

  @IsOptional()
  @IsString()
  SNS_SECRET_ACCESS_KEY?: string;

  @IsOptional()
  @IsString()
  SNS_SENDER_ID?: string;

  @IsOptional()
  @OutgoingUrl()
  SNS_ENDPOINT?: string;
}
