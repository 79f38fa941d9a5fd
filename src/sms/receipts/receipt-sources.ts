import type { Clock } from '../../common/clock';
import type { Env } from '../../config/env';
import type { ReceiptProvider } from '../../config/receipt-env';
import { AliyunReceipts } from './aliyun.receipts';
import type { ReceiptSource } from './receipt';
import { TencentReceipts } from './tencent.receipts';
import { TwilioReceipts } from './twilio.receipts';
import { WebhookReceipts } from './webhook.receipts';

const SOURCES: Record<ReceiptProvider, (env: Env, clock: Clock) => ReceiptSource> = {
  aliyun: (env) => new AliyunReceipts(env),
  tencent: (env) => new TencentReceipts(env),
  twilio: (env) => new TwilioReceipts(env),
  webhook: (env, clock) => new WebhookReceipts(env, clock),
};

/** Of the providers that `SMS_RECEIPTS` names. */
export function receiptSources(env: Env, clock: Clock): ReadonlyMap<string, ReceiptSource> {
  return new Map((env.SMS_RECEIPTS ?? []).map((name) => [name, SOURCES[name](env, clock)]));
}
