import { Injectable } from '@nestjs/common';
import { CaptchasService } from '../codes/captcha/captchas.service';
import { ApiException } from '../common/errors';
import { parseMobile } from '../common/phone-number';
import { Env } from '../config/env';
import { callerOfRequest } from '../contract/caller.decorator';
import type { HttpRequest } from '../contract/request';
import type { AskedCaptcha } from './forms';

/** What scripts of our own make the answer of a captcha of: one of ALTCHA. The others would need scripts of others. */
@Injectable()
export class PageCaptchasService {
  constructor(
    private readonly captchas: CaptchasService,
    private readonly env: Env,
  ) {}

  /**
   * Once scripts answer by themselves, then when somebody asks again.
   *
   * @param numberOf what the form was for.
   * @returns undefined unless the error asks for one, and where there is none for them.
   */
  async askedBy(
    { errorCode }: ApiException,
    request: HttpRequest,
    numberOf: () => string | Promise<string>,
  ): Promise<AskedCaptcha | undefined> {
    if (errorCode !== 'CAPTCHA_REQUIRED' || this.env.CAPTCHA !== 'altcha') return undefined;
    const { captcha: answer } = request.body as { captcha?: string };
    const challenge = await this.challengeFor(await numberOf(), request);
    return challenge === undefined ? undefined : { challenge, again: answer === undefined };
  }

  private async challengeFor(number: string, request: HttpRequest): Promise<string | undefined> {
    const mobile = parseMobile(number, this.env.SMS_COUNTRIES);
    const { address } = callerOfRequest(request);
    try {
      return JSON.stringify(await this.captchas.challengeFor({ mobile, address }));
    } catch (error) {
      if (error instanceof ApiException) return undefined;
      throw error;
    }
  }
}
