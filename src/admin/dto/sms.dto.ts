import { IsOptional, Matches, MaxLength } from 'class-validator';
import { Doc } from '../../contract/docs';
import type { SmsDelivery } from '../../sms/sms-delivery.entity';

const ID = /^[1-9]\d{0,18}$/;
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

export class DeliveriesQueryDto {
  @Doc('Only those to this number.')
  @IsOptional()
  @MaxLength(64)
  number_ref?: string;

  @Doc('The id of the last one before.')
  @IsOptional()
  @Matches(ID, { message: 'after must be the id of a delivery' })
  after?: string;
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
  @Doc({ enum: ['sent', 'refused', 'failed', 'unknown'] })
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
  @Doc({ type: [DeliveryDto] })
  deliveries!: DeliveryDto[];
  @Doc('Whether there are more: ask again with the last id as `after`.')
  has_more!: boolean;
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
