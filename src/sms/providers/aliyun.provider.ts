import Dysmsapi, { SendSmsRequest } from '@alicloud/dysmsapi20170525';
import type { E164 } from '../../common/phone-number';
import type { Env } from '../../config/env';
import type { SmsMessage, SmsProvider } from '../sms-provider';
import { ALIYUN_FAILURES } from './aliyun.failures';
import { callProvider, SDK_TIMEOUT_MS } from './provider-call';
import { Refusal } from './sdk-error';
import { templateFor } from './templates';

type Config = ConstructorParameters<typeof Dysmsapi>[0];

const ENDPOINT = 'https://dysmsapi.aliyuncs.com';

/** Alibaba Cloud. */
export class AliyunProvider implements SmsProvider {
  readonly name = 'aliyun';
  private readonly client: Dysmsapi;

  constructor(private readonly env: Env) {
    const { protocol, host } = new URL(env.ALIYUN_ENDPOINT ?? ENDPOINT);
    this.client = new Dysmsapi({
      accessKeyId: env.ALIYUN_ACCESS_KEY_ID!,
      accessKeySecret: env.ALIYUN_ACCESS_KEY_SECRET!,
      protocol: protocol.slice(0, -1),
      endpoint: host,
      connectTimeout: SDK_TIMEOUT_MS,
      readTimeout: SDK_TIMEOUT_MS,
    } as Config);
  }

  send(message: SmsMessage, signal: AbortSignal): Promise<string | undefined> {
    return callProvider(this.name, signal, () => this.request(message), ALIYUN_FAILURES);
  }

  private async request(message: SmsMessage): Promise<string | undefined> {
    const { ALIYUN_TEMPLATES: ofCodes, ALIYUN_NOTICE_TEMPLATES: ofNotices } = this.env;
    const [templates, parameters] =
      'code' in message ? [ofCodes, { code: message.code }] : [ofNotices, { what: message.what }];
    const purpose = 'code' in message ? message.purpose : undefined;
    const request = new SendSmsRequest({
      phoneNumbers: spelled(message.to),
      signName: this.env.ALIYUN_SIGN_NAME,
      templateCode: templateFor(message.locale, templates!, purpose),
      templateParam: JSON.stringify(parameters),
    });
    const { body } = await this.client.sendSms(request);
    if (body?.code !== 'OK') throw new Refusal(body?.code, undefined, body?.message);
    return body.bizId;
  }
}

/** As the API takes it: without a country code in China, and with one but no plus abroad. */
const spelled = (mobile: E164) => mobile.replace(/^\+(86)?/, '');
