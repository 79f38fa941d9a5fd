import type { ProviderName, SmsEnv } from './sms-env';

type TextVariable = {
  [Name in keyof SmsEnv]-?: NonNullable<SmsEnv[Name]> extends string ? Name : never;
}[keyof SmsEnv];

interface ProviderSettings {
  /** The variables without which it cannot send. */
  readonly required: readonly (keyof SmsEnv)[];
  /** The secrets that the provider makes, so that their length and characters are its to choose. */
  readonly issuedSecrets: readonly TextVariable[];
  /** The npm package that calls it, which whoever uses it installs. */
  readonly sdk: { readonly name: string; readonly range: string } | null;
  /** What is wrong with its variables, seen together. */
  readonly contradiction: (env: SmsEnv) => string | false | undefined;
}

/** Each SMS provider as the configuration knows it: a new one compiles only with all of this said. */
export const PROVIDERS: Readonly<Record<ProviderName, ProviderSettings>> = {
  log: {
    required: [],
    issuedSecrets: [],
    sdk: null,
    contradiction: () => undefined,
  },
  webhook: {
    required: ['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET'],
    issuedSecrets: [],
    sdk: null,
    contradiction: () => undefined,
  },
  twilio: {
    required: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'],
    issuedSecrets: ['TWILIO_AUTH_TOKEN'],
    sdk: { name: 'twilio', range: '^6' },
    contradiction: ({ TWILIO_ACCOUNT_SID: sid }) =>
      sid &&
      !sid.startsWith('AC') &&
      'TWILIO_ACCOUNT_SID must start with AC: it is the account, not an API key',
  },
  aliyun: {
    required: [
      'ALIYUN_ACCESS_KEY_ID',
      'ALIYUN_ACCESS_KEY_SECRET',
      'ALIYUN_SIGN_NAME',
      'ALIYUN_TEMPLATES',
    ],
    issuedSecrets: ['ALIYUN_ACCESS_KEY_SECRET'],
    sdk: { name: '@alicloud/dysmsapi20170525', range: '^4' },
    contradiction: (env) => withoutTemplate('ALIYUN_NOTICE_TEMPLATES', env),
  },
  tencent: {
    required: [
      'TENCENT_SECRET_ID',
      'TENCENT_SECRET_KEY',
      'TENCENT_SDK_APP_ID',
      'TENCENT_TEMPLATES',
    ],
    issuedSecrets: ['TENCENT_SECRET_KEY'],
    sdk: { name: 'tencentcloud-sdk-nodejs-sms', range: '^4' },
    contradiction: (env) => withoutTemplate('TENCENT_NOTICE_TEMPLATES', env),
  },
  sns: {
    required: ['SNS_REGION'],
    issuedSecrets: ['SNS_SECRET_ACCESS_KEY'],
    sdk: { name: '@aws-sdk/client-sns', range: '^3' },
    contradiction: (env) =>
      !env.SNS_ACCESS_KEY_ID !== !env.SNS_SECRET_ACCESS_KEY &&
      'SNS_ACCESS_KEY_ID and SNS_SECRET_ACCESS_KEY must be set together, or neither for an IAM role',
  },
};

/** Those who send only what was approved. */
const withoutTemplate = (variable: keyof SmsEnv, env: SmsEnv) =>
  env.SECURITY_SMS && !env[variable] && `${variable} must be set for SECURITY_SMS=on`;
