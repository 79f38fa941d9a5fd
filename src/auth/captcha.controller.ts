import { Body, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { CaptchasService } from '../codes/captcha/captchas.service';
import { ApiException } from '../common/errors';
import { parseMobile } from '../common/phone-number';
import { Env } from '../config/env';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors, BODY_ERRORS, limited } from '../contract/api-errors.decorator';
import { type Caller, CurrentCaller } from '../contract/caller.decorator';
import { ApiExtraModels, ApiResponse, ApiTags, Operation } from '../contract/docs';
import {
  AltchaChallengeDto,
  CAPTCHA_SCHEMA,
  CaptchaRequestDto,
  TurnstileBindingDto,
} from './dto/captcha.dto';
import { Public } from './public.decorator';

@ApiTags('auth')
@Public()
@ApiController('auth/captcha')
export class CaptchaController {
  constructor(
    private readonly captchas: CaptchasService,
    private readonly env: Env,
  ) {}

  @Operation(
    "What the captcha's widget needs for this number. The answer works for one code to it, within ten minutes. With hCaptcha, whose widget needs nothing, or with no captcha there is nothing here.",
  )
  @Post()
  @HttpCode(HttpStatus.OK)
  @ApiExtraModels(AltchaChallengeDto, TurnstileBindingDto)
  @ApiResponse({ status: 200, description: '', schema: CAPTCHA_SCHEMA })
  @ApiErrors(
    ...BODY_ERRORS,
    'COUNTRY_NOT_SERVED',
    'NOT_FOUND',
    limited('captcha', 'captchas from this address'),
  )
  async challenge(
    @Body() body: CaptchaRequestDto,
    @CurrentCaller() { address }: Caller,
  ): Promise<object> {
    const mobile = parseMobile(body.mobile, this.env.SMS_COUNTRIES);
    const challenge = await this.captchas.challengeFor({ mobile, address });
    if (!challenge) throw new ApiException('NOT_FOUND');
    return challenge;
  }
}
