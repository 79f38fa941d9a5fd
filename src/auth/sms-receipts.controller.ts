import { Param, Post, Req, Res } from '@nestjs/common';
import { ApiConsumes, ApiTags, Operation } from '../contract/docs';
import { ApiException } from '../common/errors';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, malformed } from '../contract/api-errors.decorator';
import { RawBody, rawBodyOf } from '../contract/raw-body.decorator';
import type { HttpRequest } from '../contract/request';
import { ReceiptDeskService } from '../sms/receipts/receipt-desk.service';
import { ReceiptAcknowledgementDto } from './dto/receipt-acknowledgement.dto';
import { Public } from './public.decorator';

/** What the replies of Express and Fastify have in common. */
interface Reply {
  status(status: number): unknown;
}

const TYPES = ['application/json', 'application/x-www-form-urlencoded'];
const ERRORS = [
  malformed('this is no receipt of the provider'),
  'NOT_FOUND',
  'PAYLOAD_TOO_LARGE',
  'REQUEST_REFUSED',
  'UNAVAILABLE',
] as const;

/** What SMS providers tell of messages, for those that `SMS_RECEIPTS` names: anybody else finds nothing here. */
@ApiTags('sms')
@Public()
@ApiController('sms/receipts')
export class SmsReceiptsController {
  constructor(private readonly desk: ReceiptDeskService) {}

  @Operation('A delivery receipt that the provider has signed: Twilio, or your webhook.', 204)
  @Post(':provider')
  @RawBody()
  @ApiConsumes(...TYPES)
  @ApiErrors(...ERRORS)
  signed(
    @Param('provider') provider: string,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object | undefined> {
    return this.receive(provider, request, reply);
  }

  @Operation(
    'Delivery receipts that nobody signs, under a secret part of the path: Alibaba Cloud and Tencent Cloud.',
    200,
    ReceiptAcknowledgementDto,
  )
  @Post(':provider/:secret')
  @RawBody()
  @ApiConsumes(...TYPES)
  @ApiErrors(...ERRORS)
  unsigned(
    @Param('provider') provider: string,
    @Param('secret') secret: string,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object | undefined> {
    return this.receive(provider, request, reply, secret);
  }

  private async receive(
    provider: string,
    request: HttpRequest,
    reply: Reply,
    secret?: string,
  ): Promise<object | undefined> {
    if (!this.desk.serves(provider)) throw new ApiException('NOT_FOUND');
    const { headers, ip: address = '' } = request;
    const call = { headers, address, secret, body: rawBodyOf(request) };
    const acknowledgement = await this.desk.receive(provider, call);
    reply.status(acknowledgement ? 200 : 204);
    return acknowledgement;
  }
}
