import http from 'node:http';
import https from 'node:https';
import { sms } from 'tencentcloud-sdk-nodejs-sms';
import type { Env } from '../../config/env';
import type { SmsMessage, SmsProvider } from '../sms-provider';
import { callProvider, SDK_TIMEOUT_MS } from './provider-call';
import { Refusal } from './sdk-error';
import { templateFor } from './templates';
import { TENCENT_FAILURES } from './tencent.failures';

const { Client } = sms.v20210111;

const ENDPOINT = 'https://sms.tencentcloudapi.com';

interface SendStatus {
  readonly Code?: string;
  readonly SerialNo?: string;
}

/** Tencent Cloud. */
export class TencentProvider implements SmsProvider {
  readonly name = 'tencent';
  private readonly client: InstanceType<typeof Client>;

  constructor(private readonly env: Env) {
    const endpoint = new URL(env.TENCENT_ENDPOINT ?? ENDPOINT);
    this.client = new Client({
      credential: { secretId: env.TENCENT_SECRET_ID, secretKey: env.TENCENT_SECRET_KEY },
      region: env.TENCENT_REGION,
      profile: {
        httpProfile: {
          protocol: `${endpoint.protocol}//`,
          endpoint: endpoint.host,
          reqTimeout: SDK_TIMEOUT_MS / 1000,
          agent: agentFor(endpoint),
        },
      },
    });
  }

  send(message: SmsMessage, signal: AbortSignal): Promise<string | undefined> {
    return callProvider(this.name, signal, () => this.request(message, signal), TENCENT_FAILURES);
  }

  private async request(message: SmsMessage, signal: AbortSignal): Promise<string | undefined> {
    const { TENCENT_TEMPLATES: ofCodes, TENCENT_NOTICE_TEMPLATES: ofNotices } = this.env;
    const [templates, parameters] =
      'code' in message
        ? [ofCodes, [message.code, String(message.minutes)]]
        : [ofNotices, [message.what]];
    const purpose = 'code' in message ? message.purpose : undefined;
    const request = {
      PhoneNumberSet: [message.to],
      SmsSdkAppId: this.env.TENCENT_SDK_APP_ID,
      SignName: this.env.TENCENT_SIGN_NAME,
      TemplateId: templateFor(message.locale, templates!, purpose),
      TemplateParamSet: parameters,
    };
    // The method SendSms takes no signal.
    const { SendStatusSet } = await this.client.request('SendSms', request, { signal });
    const [status] = SendStatusSet as SendStatus[];
    if (status?.Code !== 'Ok') throw new Refusal(status?.Code);
    return status.SerialNo;
  }
}

/** Connects to the endpoint only: the SDK follows redirects, with number and code in the body. */
function agentFor({ protocol, hostname, port }: URL): http.Agent {
  const secure = protocol === 'https:';
  const agent = new (secure ? https : http).Agent();
  const connect = agent.createConnection.bind(agent);
  const endpoint = `${hostname.replace(/[[\]]/g, '')}:${port || (secure ? 443 : 80)}`;
  agent.createConnection = (options, done) => {
    if (`${options.host}:${options.port}` !== endpoint) throw new Error('A redirect is refused.');
    return connect(options, done);
  };
  return agent;
}
