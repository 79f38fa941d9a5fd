import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Snowflake } from '../../src/common/snowflake';
import { SmsDelivery } from '../../src/sms/sms-delivery.entity';
import type { Answer, Client } from './client';
import type { TestApp } from './test-app';

export const RECEIPTS_SECRET = 'c8Tg0nPz4uYwQe7RkLm2Vd';
export const RECEIPT_ENV = {
  PUBLIC_URL: 'https://login.example.com/',
  SMS_RECEIPTS: 'twilio,webhook,aliyun,tencent',
  SMS_RECEIPTS_SECRET: RECEIPTS_SECRET,
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
  TWILIO_AUTH_TOKEN: 'the auth token of a test',
  TWILIO_FROM: '+12015550123',
};
export const WEBHOOK_SECRET = 'the key of the test webhook';
export const TWILIO_URL = 'https://login.example.com/sms/receipts/twilio';

const ids = new Snowflake(1021);
const FORM = 'application/x-www-form-urlencoded';

/** A message that a provider has taken, on record. */
export async function insertDelivery(
  app: TestApp,
  about: Partial<SmsDelivery>,
): Promise<SmsDelivery> {
  const row = deliveryRow(about);
  await app.sql.getRepository(SmsDelivery).insert(row);
  return find(app, row.id);
}

/** Many at once. @returns their ids. */
export async function insertDeliveries(
  app: TestApp,
  abouts: readonly Partial<SmsDelivery>[],
): Promise<string[]> {
  const rows = abouts.map(deliveryRow);
  for (let from = 0; from < rows.length; from += 500) {
    await app.sql.getRepository(SmsDelivery).insert(rows.slice(from, from + 500));
  }
  return rows.map(({ id }) => id);
}

function deliveryRow(about: Partial<SmsDelivery>) {
  const id = ids.next();
  return {
    id,
    challengeId: id.padStart(32, '0'),
    mobile: '+86138****78',
    numberRef: `number-${id}`,
    network: '203.0.113.0/24',
    country: 'CN',
    provider: 'webhook' as const,
    providerMessageId: `msg_${id}`,
    outcome: 'sent' as const,
    price: 50_000,
    audience: 'fresh' as const,
    createdAt: new Date(Date.now() - 60_000),
    ...about,
  };
}

export const find = (app: TestApp, id: string) =>
  app.sql.getRepository(SmsDelivery).findOneByOrFail({ id });

export function twilioReceipt(
  app: Client,
  form: Record<string, string>,
  { url = TWILIO_URL, token = RECEIPT_ENV.TWILIO_AUTH_TOKEN } = {},
): Promise<Answer> {
  const text = Object.keys(form)
    .toSorted()
    .map((name) => name + form[name])
    .join('');
  const signature = createHmac('sha1', token)
    .update(url + text)
    .digest('base64');
  return app.post('/sms/receipts/twilio', new URLSearchParams(form).toString(), {
    headers: { 'content-type': FORM, 'x-twilio-signature': signature },
  });
}

export function webhookReceipt(
  app: Client,
  receipt: object | string,
  { secret = WEBHOOK_SECRET, at = new Date() } = {},
): Promise<Answer> {
  const body = typeof receipt === 'string' ? receipt : JSON.stringify(receipt);
  const signature = new Webhook(secret, { format: 'raw' }).sign('rcpt_1', at, body);
  return app.post('/sms/receipts/webhook', body, {
    headers: {
      'webhook-id': 'rcpt_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signature,
    },
  });
}

export const aliyunReceipt = (app: Client, receipt: object, secret = RECEIPTS_SECRET) =>
  app.post(`/sms/receipts/aliyun/${secret}`, [receipt]);

export const tencentReceipt = (app: Client, receipt: object, secret = RECEIPTS_SECRET) =>
  app.post(`/sms/receipts/tencent/${secret}`, [receipt]);
