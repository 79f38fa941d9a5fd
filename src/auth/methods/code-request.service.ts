import { Injectable } from '@nestjs/common';
import { CodeSenderService } from '../../codes/code-sender.service';
import { parseMobile } from '../../common/phone-number';
import { Env } from '../../config/env';
import type { Caller } from '../../contract/caller.decorator';
import type { CodeRequestDto, CodeSentDto } from '../dto/code-request.dto';

/** Sends the codes that `CodeLoginService` takes. */
@Injectable()
export class CodeRequestService {
  constructor(
    private readonly codes: CodeSenderService,
    private readonly env: Env,
  ) {}

  /** @throws ApiException see {@link CodeSenderService.send}. */
  async send(request: CodeRequestDto, caller: Caller): Promise<CodeSentDto> {
    const mobile = parseMobile(request.mobile, this.env.SMS_COUNTRIES);
    const sent = await this.codes.send({
      ...caller,
      mobile,
      deviceToken: request.device_token,
      locale: request.locale,
      captcha: request.captcha,
    });
    return { expires_in: sent.expiresIn, resend_in: sent.resendIn, challenge: sent.handle };
  }
}
