import { Injectable } from '@nestjs/common';
import { RefusalsService } from '../../audit/refusals.service';
import { CodeSenderService } from '../../codes/code-sender.service';
import { parseMobile } from '../../common/phone-number';
import { Env } from '../../config/env';
import type { Caller } from '../../contract/caller.decorator';
import { noteSubject } from '../../contract/request-subject';
import type { CodeRequestDto, CodeSentDto } from '../dto/code-request.dto';

/** Sends the codes that `CodeLoginService` takes. */
@Injectable()
export class CodeRequestService {
  constructor(
    private readonly codes: CodeSenderService,
    private readonly env: Env,
    private readonly refusals: RefusalsService,
  ) {}

  /** @throws ApiException see {@link CodeSenderService.send}. */
  async send(request: CodeRequestDto, caller: Caller): Promise<CodeSentDto> {
    const mobile = parseMobile(request.mobile, this.env.SMS_COUNTRIES);
    noteSubject(caller, { mobile });
    const send = () =>
      this.codes.send({
        ...caller,
        mobile,
        deviceToken: request.device_token,
        locale: request.locale,
        captcha: request.captcha,
        app: request.app,
      });
    const sent = await this.refusals.watch({ action: 'code.refused', mobile, caller }, send);
    return { expires_in: sent.expiresIn, resend_in: sent.resendIn, challenge: sent.handle };
  }
}
