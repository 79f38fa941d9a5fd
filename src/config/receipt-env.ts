import { IsOptional, Matches } from 'class-validator';
import { ListOf, Networks, Switch, Url } from './env-fields';
import { WebhookEnv } from './webhook-env';

/** Those that say by HTTP what became of a message. */
export const RECEIPT_PROVIDERS = ['twilio', 'webhook', 'aliyun', 'tencent'] as const;
export type ReceiptProvider = (typeof RECEIPT_PROVIDERS)[number];

/** The variables about delivery receipts, and what follows from them. */
export abstract class ReceiptEnv extends WebhookEnv {
  /** The providers whose receipts are taken, at `/sms/receipts/…`. */
  @IsOptional()
  @ListOf(RECEIPT_PROVIDERS)
  SMS_RECEIPTS?: ReceiptProvider[];

  /** What providers call, without the name of the provider at its end; below `PUBLIC_URL` unless set. */
  @IsOptional()
  @Url(['https:', 'http:'])
  SMS_RECEIPTS_URL?: string;

  /** The last part of the path for receipts that nobody signs: whoever knows it may send some. */
  @IsOptional()
  @Matches(/^[\w-]{22,96}$/, {
    message: 'SMS_RECEIPTS_SECRET must be 22 to 96 letters, digits, - or _',
  })
  SMS_RECEIPTS_SECRET?: string;

  /** Where unsigned receipts come from; anywhere unless set. */
  @IsOptional()
  @Networks()
  SMS_RECEIPTS_NETWORKS?: string[];

  /** Whether the provider whose codes are used most goes first. */
  @Switch()
  SMS_ROUTE_RANKING = true;
}
