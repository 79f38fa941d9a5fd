import { Get, Header } from '@nestjs/common';
import { Public } from '../auth/public.decorator';
import { ApiController } from '../contract/api-controller.decorator';
import { ACCOUNT_STYLE } from './style';

@Public()
@ApiController('account')
export class AccountStyleController {
  @Get('style.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'public, max-age=31536000, immutable')
  style(): string {
    return ACCOUNT_STYLE;
  }
}
