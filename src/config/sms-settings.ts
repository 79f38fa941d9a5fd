import type { Env } from './env';
import { PROVIDER_NAMES, type ProviderName, type SmsEnv } from './sms-env';

const REQUIRED: Readonly<Record<ProviderName, readonly (keyof SmsEnv)[]>> = {
  log: [],
  webhook: ['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_SECRET'],
  twilio: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'],
  aliyun: [
    'ALIYUN_ACCESS_KEY_ID',
    'ALIYUN_ACCESS_KEY_SECRET',
    'ALIYUN_SIGN_NAME',
    'ALIYUN_TEMPLATES',
  ],
  tencent: ['TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY', 'TENCENT_SDK_APP_ID', 'TENCENT_TEMPLATES'],
  sns: ['SNS_REGION'],
};

/** What the providers that are named, and the captcha, lack or cannot use. */
export function* smsSettingProblems(env: Env): Generator<string> {
  for (const name of namedProviders(env)) {
    for (const variable of REQUIRED[name]) {
      if (!env[variable]) yield `${variable} must be set for ${placeOf(name, env)}`;
    }
    yield* contradictions(name, env);
  }
  if (['turnstile', 'hcaptcha'].includes(env.CAPTCHA) && !env.CAPTCHA_SECRET) {
    yield `CAPTCHA_SECRET must be set for CAPTCHA=${env.CAPTCHA}`;
  }
}

/** The providers that a message may go to. */
export function namedProviders(env: Env): ProviderName[] {
  const named = new Set([...env.SMS_PROVIDERS, ...Object.values(env.SMS_ROUTES).flat()]);
  return PROVIDER_NAMES.filter((name) => named.has(name));
}

function placeOf(name: ProviderName, env: Env): string {
  return env.SMS_PROVIDERS.includes(name) ? `SMS_PROVIDERS=${name}` : `${name} in SMS_ROUTES`;
}

function* contradictions(name: ProviderName, env: Env): Generator<string> {
  if (name === 'webhook' && hasCredentials(env.SMS_WEBHOOK_URL)) {
    yield 'SMS_WEBHOOK_URL must not hold a user or password: the messages are signed';
  }
  if (name === 'twilio' && env.TWILIO_ACCOUNT_SID && !env.TWILIO_ACCOUNT_SID.startsWith('AC')) {
    yield 'TWILIO_ACCOUNT_SID must start with AC: it is the account, not an API key';
  }
  if (name === 'sns' && !env.SNS_ACCESS_KEY_ID !== !env.SNS_SECRET_ACCESS_KEY) {
    yield 'SNS_ACCESS_KEY_ID and SNS_SECRET_ACCESS_KEY must be set together, or neither for an IAM role';
  }
}

/** An error about such a URL would show them in the log. */
function hasCredentials(url: string | undefined): boolean {
  if (!url || !URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
