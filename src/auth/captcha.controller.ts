import { Get, Inject, Optional } from '@nestjs/common';
import { ApiTags, Operation } from '../contract/docs';
import { AltchaCaptcha } from '../codes/captcha/altcha.captcha';
import { CAPTCHA, type Captcha } from '../codes/captcha/captcha';
import { ApiController } from '../contract/api-controller.decorator';
import { ApiErrors } from '../contract/api-errors.decorator';
import { ApiException } from '../common/errors';
import { CaptchaChallengeDto } from './dto/captcha.dto';
import { Public } from './public.decorator';

@ApiTags('auth')
@Public()
@ApiController('auth/captcha')
export class CaptchaController {
  constructor(@Optional() @Inject(CAPTCHA) private readonly captcha?: Captcha) {}

  @Operation(
    'A challenge for the ALTCHA widget. Its answer is good for one code within ten minutes. With another captcha, whose widget asks its own service, or with none there is nothing here.',
    200,
    CaptchaChallengeDto,
  )
  @Get()
  @ApiErrors('NOT_FOUND')
  async newChallenge(): Promise<CaptchaChallengeDto> {
    if (!(this.captcha instanceof AltchaCaptcha)) throw new ApiException('NOT_FOUND');
    return this.captcha.newChallenge();
  }
}
