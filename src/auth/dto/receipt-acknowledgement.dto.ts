import { Doc } from '../../contract/docs';

/** What providers want to read, each in its own words. */
export class ReceiptAcknowledgementDto {
  @Doc('Alibaba Cloud, beside `msg`.', { required: false, example: 0 })
  code?: number;

  @Doc({ required: false, example: 'OK' })
  msg?: string;

  @Doc('Tencent Cloud, beside `errmsg`.', { required: false })
  result?: number;

  @Doc({ required: false })
  errmsg?: string;
}
