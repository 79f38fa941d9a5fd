import { IsIn, IsOptional, Matches, MaxLength } from 'class-validator';
import { PROVIDER_NAMES, type ProviderName } from '../../config/sms-env';
import { Doc } from '../../contract/docs';
import {
  DELIVERY_OUTCOMES,
  type DeliveryOutcome,
  type SmsDelivery,
} from '../../sms/sms-delivery.entity';
import { TimesQueryDto } from './page.dto';

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const RECEIPTS = ['delivered', 'failed', 'none'] as const;
type Receipt = (typeof RECEIPTS)[number];
const USES = ['true', 'false'] as const;
type Use = (typeof USES)[number];

export class DeliveriesQueryDto extends TimesQueryDto {
  @Doc('Only those to this number.')
  @IsOptional()
  @MaxLength(64)
  number_ref?: string;

  @Doc('Only those to a country (ISO 3166).', { example: 'CN' })
  @IsOptional()
  @Matches(/^[A-Z]{2}$/, { message: 'country must be two letters, like CN' })
  country?: string;

  @Doc(
    'Only those to numbers that begin so, as far as they are told: the last eight digits are not.',
    { example: '+86138' },
  )
  @IsOptional()
  @Matches(/^\+[1-9]\d{0,6}$/, { message: 'prefix must be + and up to 7 digits' })
  prefix?: string;

  @Doc({ enum: PROVIDER_NAMES })
  @IsOptional()
  @IsIn(PROVIDER_NAMES)
  provider?: ProviderName;

  @Doc({ enum: DELIVERY_OUTCOMES })
  @IsOptional()
  @IsIn(DELIVERY_OUTCOMES)
  outcome?: DeliveryOutcome;

  @Doc('What the provider says has become of them; `none`: nothing yet.', { enum: RECEIPTS })
  @IsOptional()
  @IsIn(RECEIPTS)
  receipt?: Receipt;

  @Doc('Only those whose code was used, or was not.', { enum: USES })
  @IsOptional()
  @IsIn(USES)
  used?: Use;
}

export class DeliveryDto {
  @Doc()
  id!: string;
  @Doc('Masked.', { example: '+86138****5678' })
  mobile!: string;
  @Doc({ type: String, nullable: true })
  number_ref!: string | null;
  @Doc()
  country!: string;
  @Doc()
  provider!: string;
  @Doc({ type: String, nullable: true })
  provider_message_id!: string | null;
  @Doc({ enum: DELIVERY_OUTCOMES })
  outcome!: string;
  @Doc('Why the provider did not take it, by its own code.', { type: String, nullable: true })
  failure_code!: string | null;
  @Doc('What the provider says has become of it.', { type: String, nullable: true })
  receipt!: string | null;
  @Doc({ type: String, nullable: true })
  receipt_code!: string | null;
  @Doc('In the currency of the prices.', { example: 0.045 })
  price!: number;
  @Doc()
  created_at!: Date;
  @Doc({ type: Date, nullable: true })
  delivered_at!: Date | null;
  @Doc('When somebody logged in with the code.', { type: Date, nullable: true })
  verified_at!: Date | null;

  static of(delivery: SmsDelivery): DeliveryDto {
    return {
      id: delivery.id,
      mobile: delivery.mobile,
      number_ref: delivery.numberRef,
      country: delivery.country,
      provider: delivery.provider,
      provider_message_id: delivery.providerMessageId,
      outcome: delivery.outcome,
      failure_code: delivery.failureCode,
      receipt: delivery.receipt,
      receipt_code: delivery.receiptCode,
      price: delivery.price / 1e6,
      created_at: delivery.createdAt,
      delivered_at: delivery.deliveredAt,
      verified_at: delivery.verifiedAt,
    };
  }
}

export class DeliveriesDto {
  @Doc('Also few or none where most of the last 2,000 do not fit: go on with `next`.', {
    type: [DeliveryDto],
  })
  deliveries!: DeliveryDto[];
  @Doc()
  has_more!: boolean;
  @Doc('For `after`, where there are more.', { type: String, nullable: true })
  next!: string | null;
}

export class SpendQueryDto {
  @Doc('The first day (UTC); a week ago unless given.', { example: '2026-01-01' })
  @IsOptional()
  @Matches(DAY, { message: 'from must be a day, YYYY-MM-DD' })
  from?: string;

  @Doc('The last day; at most 31 are told.', { example: '2026-01-31' })
  @IsOptional()
  @Matches(DAY, { message: 'to must be a day, YYYY-MM-DD' })
  to?: string;
}

export class SpendDto {
  @Doc({ example: '2026-01-31' })
  day!: string;
  @Doc()
  country!: string;
  @Doc()
  provider!: string;
  @Doc({ type: 'integer' })
  messages!: number;
  @Doc('Sent ones.', { type: 'integer' })
  sent!: number;
  @Doc('Those whose code was used.', { type: 'integer' })
  used!: number;
  @Doc('In the currency of the prices.')
  spent!: number;
}

export class RouteStepDto {
  @Doc({ enum: PROVIDER_NAMES })
  provider!: ProviderName;
  @Doc('Of a message, in the currency of the prices.', { example: 0.045 })
  price!: number;
  @Doc(
    'Which share of its codes to known numbers was used within a day, one vote a number; null where fewer than 20 have voted.',
    { type: Number, nullable: true, example: 0.93 },
  )
  used!: number | null;
  @Doc('Since when it fails and is left alone, but for a try every five seconds.', {
    type: Date,
    nullable: true,
  })
  open_since!: Date | null;
  @Doc('Seconds until its account takes another message; 0 while it does.', { type: 'integer' })
  throttled!: number;
}

export class RouteDto {
  @Doc('`*` for every country that has no order of its own.', { example: 'CN' })
  country!: string;
  @Doc(
    '`codes_used`: the first one goes before the configured one, whose codes are used less by 15 points or more, and costs no more than twice as much.',
    { enum: ['configured', 'codes_used'] },
  )
  because!: 'configured' | 'codes_used';
  @Doc('As `SMS_ROUTES` and `SMS_PROVIDERS` have it.', { isArray: true, enum: PROVIDER_NAMES })
  configured!: readonly ProviderName[];
  @Doc('In the order in which they are tried now, on the node that answers.', {
    type: [RouteStepDto],
  })
  steps!: RouteStepDto[];
}

export class PauseDto {
  @Doc('For `DELETE /admin/sms/pauses/{scope}`.')
  scope!: string;
  @Doc('Numbers that begin so, or a network.', { example: '+861381234*' })
  target!: string;
  @Doc({ enum: ['operator', 'monitor'] })
  by!: 'operator' | 'monitor';
  @Doc('Whether it holds for devices and networks of users, too.')
  everybody!: boolean;
  @Doc({ type: Date, nullable: true })
  expires_at!: Date | null;
}
