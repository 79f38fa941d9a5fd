import { PublishCommand, type MessageAttributeValue, SNSClient } from '@aws-sdk/client-sns';
import type { Env } from '../../config/env';
import type { SmsMessage, SmsProvider } from '../sms-provider';
import { callProvider } from './provider-call';
import { SNS_FAILURES } from './sns.failures';

/** AWS. */
export class SnsProvider implements SmsProvider {
  readonly name = 'sns';
  private readonly client: SNSClient;
  private readonly attributes: Record<string, MessageAttributeValue>;

  constructor(env: Env) {
    this.client = new SNSClient({
      region: env.SNS_REGION,
      endpoint: env.SNS_ENDPOINT,
      credentials: credentialsOf(env),
      maxAttempts: 1,
    });
    this.attributes = {
      'AWS.SNS.SMS.SMSType': text('Transactional'),
      ...(env.SNS_SENDER_ID && { 'AWS.SNS.SMS.SenderID': text(env.SNS_SENDER_ID) }),
    };
  }

  send(message: SmsMessage, signal: AbortSignal): Promise<string | undefined> {
    const command = new PublishCommand({
      PhoneNumber: message.to,
      Message: message.text,
      MessageAttributes: this.attributes,
    });
    const publish = async () => {
      const { MessageId } = await this.client.send(command, { abortSignal: signal });
      return MessageId;
    };
    return callProvider(this.name, signal, publish, SNS_FAILURES);
  }
}

/** Without keys, the SDK looks for a role itself. */
function credentialsOf({ SNS_ACCESS_KEY_ID, SNS_SECRET_ACCESS_KEY }: Env) {
  if (!SNS_ACCESS_KEY_ID || !SNS_SECRET_ACCESS_KEY) return undefined;
  return { accessKeyId: SNS_ACCESS_KEY_ID, secretAccessKey: SNS_SECRET_ACCESS_KEY };
}

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
